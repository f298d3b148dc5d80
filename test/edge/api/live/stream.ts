import { get, type IncomingMessage } from 'node:http';
import type { World } from '../api-fixture.ts';

type Message = { event: string; id: string | null; data: Record<string, unknown> };

type Stream = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  messages(event?: string): Message[];
  ended(): boolean;
  comments(): number;
  leave(): void;
};

/** Listens as a browser's EventSource does. */
export function listen(w: World, key: string, headers: Record<string, string> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const sent = get(
      `${w.url}/api/v1/events`,
      { headers: { authorization: `Bearer ${key}`, ...headers }, agent: false },
      (answer) => {
        let text = '';
        let ended = false;
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('close', () => {
          ended = true;
        });
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          messages: (event) => parse(text).filter((message) => event === undefined || message.event === event),
          ended: () => ended,
          comments: () => text.split('\n\n').filter((block) => block.startsWith(':')).length,
          leave: () => sent.destroy(),
        });
        answer.on('error', () => undefined);
      },
    );
    sent.on('error', reject);
  });
}

function parse(text: string): Message[] {
  const blocks = text.split('\n\n').slice(0, -1);
  return blocks.flatMap((block) => {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const event = fields.get('event');
    if (event === undefined) return [];
    return [
      { event, id: fields.get('id') ?? null, data: JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown> },
    ];
  });
}
