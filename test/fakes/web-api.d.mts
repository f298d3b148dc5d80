export type WebApi = {
  readonly url: string;
  readonly key: string;
  readonly demo: {
    readonly soldOut: { readonly gtin: string; readonly sku: string; readonly name: string };
    /** Names may be changed. */
    readonly stock: readonly { name: string; readonly gtin: string }[];
    readonly products: readonly { name: string; readonly gtin: string }[];
    readonly items: readonly {
      readonly id: string;
      readonly hex: string;
      readonly gtin: string;
      readonly epcUri: string;
      name: string;
      readonly lifecycle: string;
      readonly location: string;
      readonly lastSeen: { readonly location: string };
    }[];
  };
  readonly cspReports: readonly string[];
  readonly sent: readonly { readonly path: string; readonly body: string }[];
  signInLink(): string;
  /** Breaks every connection, as a dead gateway does, or stops doing so. */
  down(down: boolean): void;
  /** Requests that were refused for want of a scope. */
  readonly refused: readonly string[];
  /** A key with these scopes. */
  keyOf(scopes: readonly string[]): string;
  endSessions(): void;
  /** Sends one live event to every listener. */
  emit(event: string, data: unknown): void;
  close(): Promise<void>;
};

export function startWebApi(options?: { webFolder?: string; port?: number }): Promise<WebApi>;
