import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../fakes/eventually.ts';
import { createWorlds } from './api-fixture.ts';
import { csv, importer } from './import-fixture.ts';

const world = createWorlds();
const plain = 'gtin,sku,name\r\n4710088000019,TEE-01,白色棉質上衣\r\n';

describe('the load of an import', () => {
  test('is nobody else’s: an upload that drips holds only its own key, four are on their way at most', async () => {
    const w = await world();
    const { hostname, port } = new URL(w.url);
    const dripping = [];
    for (let n = 0; n < 3; n++) {
      const { key } = await importer(w);
      const socket = connect(Number(port), hostname);
      const head = `POST /api/v1/products/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\ngtin,name\n`;
      await new Promise<void>((resolve) => socket.write(head, () => resolve()));
      dripping.push({ key, socket });
    }
    await eventually(() => readdirSync(w.store.scratch()).filter((name) => name.startsWith('upload')).length === 3);
    const other = await importer(w);
    expect((await other.send(plain)).status).toBe(200);
    const busy = await w.call('POST', '/api/v1/products/import', dripping[0]?.key ?? '', Buffer.from(plain), csv);
    expect([busy.status, busy.json['code']]).toEqual([503, 'OVERLOADED']);
    for (const { socket } of dripping) socket.destroy();
    await eventually(() => readdirSync(w.store.scratch()).length === 0);
  });

  test('of two of a key at a time the second is refused with 503 and Retry-After, and the next goes on', async () => {
    const w = await world();
    const { send, key } = await importer(w);
    const { hostname, port } = new URL(w.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /api/v1/products/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\ngtin,name\n`;
    await new Promise<void>((resolve) => socket.write(head, () => resolve()));
    let second = await send(plain, '?dryRun=true');
    while (second.status === 200) second = await send(plain, '?dryRun=true');
    expect([second.status, second.json['code'], second.headers.get('retry-after')]).toEqual([503, 'OVERLOADED', '5']);
    socket.destroy();
    let third = await send(plain);
    while (third.status === 503) third = await send(plain);
    expect(third.status).toBe(200);
    expect(readdirSync(w.store.scratch())).toEqual([]);
  });

  test('a body beyond the limit is a 413 that states it, with and without a length', async () => {
    const w = await world();
    const { key } = await importer(w);
    const large = Buffer.alloc(33 * 1024 * 1024, 'x');
    const declared = await w.call('POST', '/api/v1/products/import', key, large, csv);
    expect([declared.status, declared.json['code']]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(declared.json['detail']).toContain('32 MiB (33554432 bytes)');
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024).fill(120)),
    });
    const init = { method: 'POST', headers: { ...csv, authorization: `Bearer ${key}` }, body: stream, duplex: 'half' };
    const endless = await fetch(`${w.url}/api/v1/products/import`, init as RequestInit);
    expect(endless.status).toBe(413);
    expect(readdirSync(w.store.scratch())).toEqual([]);
  });

  test('a file with more than 100,000 products changes nothing', async () => {
    const w = await world();
    const { send, all } = await importer(w);
    const digit = (body: string) =>
      (10 - ([...body].reduce((sum, one, at) => sum + Number(one) * (at % 2 === 0 ? 1 : 3), 0) % 10)) % 10;
    const rows = Array.from({ length: 100_001 }, (_, i) => {
      const body = String(471_000_000_000 + i);
      return `${body}${digit(body)},x`;
    });
    const { status, json } = await send(`gtin,name\n${rows.join('\n')}\n`);
    expect([status, json['code']]).toEqual([400, 'CSV_INVALID']);
    expect(await all()).toEqual([]);
    expect(readdirSync(w.store.scratch())).toEqual([]);
  });
});
