import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/api/index.ts';
import { silentLog } from '../../../src/kit/index.ts';
import { startCrmReceiver } from '../../fakes/crm-receiver.ts';
import { listen } from '../../fakes/listen.ts';
import { createScenes, has, hex } from './gateway-fixture.ts';

const { open, folder } = createScenes();
const secret = 'whsec_c2lsZW50Z2F0ZS10ZXN0LXNlY3JldC0wMDAx';

type Item = { readonly hex: string; readonly location: string | null; readonly presence: string };
type Items = { readonly rows: readonly Item[] };

describe('a gateway, wired from its source', () => {
  it('makes an item of a tag that is read twice, and tells who listens and the CRM', async () => {
    const receiver = await startCrmReceiver(secret);
    const scene = await open({
      config: { crm: [{ id: 'main', url: receiver.url, secret: { env: 'CRM' }, events: ['item.*'] }] },
      env: { CRM: secret },
    });
    const { url, key } = scene.run();
    const feed = await fetch(new URL('/api/v1/events', url), { headers: { authorization: `Bearer ${key}` } });
    const reader = feed.body?.getReader();
    await scene.read();
    await scene.clock.advance(500);
    await scene.read();
    for (let tries = 0; tries < 500 && receiver.effects().length === 0; tries++) {
      await scene.clock.advance(250);
      await new Promise((done) => setTimeout(done, 10));
    }
    const [event] = receiver.effects();
    expect(event).toMatchObject({ type: 'item.arrived', source: 'urn:silentgate:seams' });
    expect(JSON.stringify(event?.data.epcis)).toContain('+08:00');
    let heard = '';
    for (let part = 0; part < 50 && !heard.includes('item.arrived'); part++)
      heard += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(heard).toContain('item.arrived');
    await reader?.cancel();
    await receiver.close();
  });

  it('never takes a redelivery for a second read', async () => {
    const scene = await open();
    await scene.read();
    await scene.read(hex, { dup: true });
    await scene.clock.advance(500);
    expect((await scene.get<Items>('/items')).rows).toEqual([]);
    await scene.read();
    expect((await scene.get<Items>('/items')).rows).toMatchObject([{ hex, location: 'back' }]);
  });

  it('adopts what the configuration says, and no more', async () => {
    const scene = await open({ config: { inventory: { adopt: 'never' } } });
    await scene.read(hex, { antenna: 2 });
    await scene.clock.advance(500);
    await scene.read(hex, { antenna: 2 });
    const [row] = (await scene.get<{ rows: { lifecycle: string }[] }>('/items')).rows;
    expect(row?.lifecycle ?? 'UNREGISTERED').toBe('UNREGISTERED');
    expect((await scene.get<Items>('/stock')).rows).toEqual([]);
  });

  it('takes a product for its own as soon as the store has it, though its tags were read before', async () => {
    const scene = await open({ config: { inventory: { adopt: 'products' } } });
    const arrive = async (epc: string) => {
      for (let n = 0; n < 2; n++) {
        await scene.read(epc, { antenna: 2 });
        await scene.clock.advance(500);
      }
      const { rows } = await scene.get<{ rows: { hex: string; lifecycle: string; gtin: string }[] }>('/items');
      return rows.find((item) => item.hex === epc);
    };
    const stranger = await arrive(hex);
    expect(stranger?.lifecycle).toBe('UNREGISTERED');
    await scene.gateway.store.putProducts([{ gtin: String(stranger?.gtin), sku: null, name: 'Tee' }]);
    expect((await arrive('3034257BF7194E4000001A86'))?.lifecycle).toBe('IN_STOCK');
  });

  it('takes a PC word in front of an EPC off before anything else sees it', async () => {
    const scene = await open();
    for (let n = 0; n < 8; n++) {
      await scene.read(`3000${hex}`);
      await scene.clock.advance(500);
    }
    expect((await scene.get<Items>('/items')).rows).toMatchObject([{ hex }]);
  });

  it('lets a tag depart while its reader is heard', async () => {
    const scene = await open();
    for (let n = 0; n < 2; n++) {
      await scene.read(hex, { antenna: 2 });
      await scene.clock.advance(500);
    }
    for (let minute = 0; minute < 30; minute++) {
      await scene.read('3034257BF7194E4000001A86', { antenna: 2 });
      await scene.clock.advance(60_000);
    }
    const { rows } = await scene.get<Items>('/items');
    expect(rows.find((item) => item.hex === hex)?.presence).toBe('ABSENT');
    expect(rows.find((item) => item.hex !== hex)?.presence).toBe('PRESENT');
  });

  it('leaves its address and a key to commands of its own user, and takes them away when it stops', async () => {
    const scene = await open();
    expect(statSync(join(scene.data, 'run.json')).mode & 0o777).toBe(0o600);
    expect(scene.run().pid).toBe(process.pid);
    await scene.gateway.stop();
    expect(has(scene, 'run.json')).toBe(false);
    await expect(fetch(scene.gateway.url)).rejects.toThrow();
  });

  it('writes the last sights before it stops, and knows what was present when it starts again', async () => {
    const place = folder();
    const first = await open({ folder: place });
    for (let n = 0; n < 2; n++) {
      await first.read(hex, { antenna: 2 });
      await first.clock.advance(500);
    }
    await first.read(hex, { antenna: 2 });
    const seenAt = first.clock.now();
    await first.gateway.stop();
    const second = await open({ folder: place });
    const [presence] = [...second.gateway.store.presences()];
    expect(presence).toMatchObject({ lastSeenAt: seenAt });
    await second.read(hex, { antenna: 2 });
    expect((await second.get<Items>('/items')).rows).toMatchObject([{ hex, location: 'floor', presence: 'PRESENT' }]);
  });

  it('closes what it opened when the start fails, so that the next one finds the folder free', async () => {
    const place = folder();
    const other = await open();
    const port = Number(new URL(other.gateway.url).port);
    await expect(open({ folder: place, config: { http: { port } } })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    const second = await open({ folder: place });
    expect((await second.get<Items>('/items')).rows).toEqual([]);
  });

  it('says why a start failed, also where closing what was opened fails', async () => {
    const place = folder();
    const other = createServer();
    const port = await listen(other);
    const run = join(place, 'data', 'run.json');
    const steps: string[] = [];
    const log = {
      ...silentLog,
      debug: () => {
        rmSync(run);
        mkdirSync(run);
      },
      error: (fields: object) => void steps.push(String(Object(fields).step)),
    };
    const config = { mqtt: { broker: 'embedded', host: '127.0.0.1', port } } as const;
    await expect(open({ folder: place, config, log })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    expect(steps).toEqual(['run.json']);
    other.close();
  });

  it('gives up a start that nobody wants any more after the API and before the broker, and closes what it opened', async () => {
    const place = folder();
    const other = createServer();
    const port = await listen(other);
    const config = { mqtt: { broker: 'embedded', host: '127.0.0.1', port } } as const;
    const announced: boolean[] = [];
    const log = { ...silentLog, debug: () => void announced.push(existsSync(join(place, 'data', 'run.json'))) };
    const signal = AbortSignal.abort(new Error('nobody waits for it'));
    // The broker would find its port taken.
    await expect(open({ folder: place, config, log, signal })).rejects.toThrow('nobody waits for it');
    expect(announced).toEqual([true]);
    expect(existsSync(join(place, 'data', 'run.json'))).toBe(false);
    other.close();
    const second = await open({ folder: place });
    expect((await second.get<Items>('/items')).rows).toEqual([]);
  });

  it('makes no database while a secret of a destination is missing', async () => {
    const place = folder();
    const config = { crm: [{ id: 'main', url: 'http://127.0.0.1:9', secret: { env: 'CRM' }, events: ['item.*'] }] };
    await expect(open({ folder: place, config })).rejects.toMatchObject({ code: 'SECRET_MISSING' });
    expect(existsSync(join(place, 'data'))).toBe(false);
  });

  it('names to the commands of this machine the certificate of the files that a reload brought', async () => {
    const pem = (name: string) => join(import.meta.dirname, '..', 'api', `${name}.pem`);
    const tls = { cert: pem('expired-cert'), key: pem('expired-key') };
    const scene = await open({ config: { http: { port: 0, tls } } });
    expect(scene.run().certificate).toBe(fingerprintOf(readFileSync(tls.cert)));
    const next = { cert: pem('localhost-cert'), key: pem('localhost-key') };
    const { certificate } = await scene.reload({ http: { port: 0, tls: next } });
    expect(certificate).toEqual({ error: null });
    expect(scene.run().certificate).toBe(fingerprintOf(readFileSync(next.cert)));
  });
});
