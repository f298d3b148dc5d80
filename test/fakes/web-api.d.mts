export type WebApi = {
  readonly url: string;
  readonly key: string;
  readonly demo: {
    readonly items: readonly {
      readonly id: string;
      readonly hex: string;
      readonly gtin: string;
      readonly epcUri: string;
      readonly name: string;
      readonly lifecycle: string;
    }[];
  };
  readonly cspReports: readonly string[];
  readonly sent: readonly { readonly path: string; readonly body: string }[];
  signInLink(): string;
  /** Breaks every connection, as a dead gateway does, or stops doing so. */
  down(down: boolean): void;
  endSessions(): void;
  /** Sends one live event to every listener. */
  emit(event: string, data: unknown): void;
  close(): Promise<void>;
};

export function startWebApi(options?: { webFolder?: string; port?: number }): Promise<WebApi>;
