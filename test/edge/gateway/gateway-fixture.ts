import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect } from 'mqtt';
import { afterEach } from 'vitest';
import { completeConfig } from '../../../src/config.ts';
import type { ConfigFile } from '../../../src/config-schema.ts';
import { type Log, silentLog } from '../../../src/kit/index.ts';
import { type Gateway, type Reloaded, startGateway } from '../../../src/main.ts';
import { listen } from '../../fakes/listen.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';

export const hex = '3034257BF7194E4000001A85';

/** A gateway from its source, with the embedded broker and one Impinj reader at a dock, in a clock of its own. */
export type Scene = {
  readonly gateway: Gateway;
  readonly clock: ManualClock;
  readonly data: string;
  /** Publishes one read of the tag, at the time of the clock, and waits for its PUBACK. */
  read(epc?: string, options?: { dup?: boolean; antenna?: number }): Promise<void>;
  get<T>(path: string): Promise<T>;
  run(): { url: string; key: string; pid: number; certificate: string | null };
  /** Has the gateway take over a configuration that differs from its own in this. */
  reload(change: Partial<ConfigFile>): Promise<Reloaded>;
};

export type SceneOptions = {
  readonly config?: Partial<ConfigFile>;
  readonly env?: Record<string, string>;
  readonly log?: Log;
  readonly signal?: AbortSignal;
};

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((done) => server.close(done));
  return port;
}

const fileOf = (data: string, mqttPort: number): ConfigFile => ({
  site: { id: 'seams', name: '測試店', timeZone: 'Asia/Taipei' },
  data,
  http: { port: 0 },
  mqtt: { broker: 'embedded', port: mqttPort },
  inventory: { adopt: 'all' },
  locations: [
    { id: 'back', kind: 'back-room' },
    { id: 'floor', kind: 'sales-floor' },
  ],
  readPoints: [
    { id: 'dock-in', location: 'back', kind: 'portal', bizStep: 'receiving' },
    { id: 'shelf-1', location: 'floor', kind: 'shelf' },
  ],
  readers: [
    {
      id: 'dock-1',
      profile: 'impinj/r700',
      link: { mqtt: { topic: 'rfid/dock-1' } },
      antennas: { 1: 'dock-in', 2: 'shelf-1' },
    },
  ],
});

/** Opens scenes; whatever a test leaves open is closed after it. */
export function createScenes(): {
  open(options?: SceneOptions & { folder?: string }): Promise<Scene>;
  folder(): string;
} {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'silentgate-seams-'));
    closing.push(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };
  const open = async ({
    config = {},
    env = {},
    log = silentLog,
    signal = new AbortController().signal,
    folder: given,
  }: SceneOptions & { folder?: string } = {}) => {
    const data = join(given ?? folder(), 'data');
    const mqttPort = await freePort();
    const clock = manualClock(Date.now());
    const complete = (more: Partial<ConfigFile> = {}) =>
      completeConfig({ ...fileOf(data, mqttPort), ...config, ...more }, resolve('.'), resolve('firmware-profiles'));
    const gateway = await startGateway(complete(), { clock, log, webRoot: null, version: '0', env, signal });
    closing.push(() => gateway.stop());
    const client = connect({ host: '127.0.0.1', port: mqttPort, reconnectPeriod: 0 });
    await new Promise<void>((done, failed) => client.once('connect', () => done()).once('error', failed));
    closing.push(() => client.endAsync(true));
    const run = () => JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as ReturnType<Scene['run']>;
    const scene: Scene = {
      gateway,
      clock,
      data,
      run,
      reload: (change) => gateway.reload(complete(change)),
      read: async (epc = hex, { dup = false, antenna = 1 } = {}) => {
        const event = {
          timestamp: new Date(clock.now()).toISOString(),
          eventType: 'tagInventory',
          tagInventoryEvent: { epcHex: epc, antennaPort: antenna, peakRssiCdbm: -5500 },
        };
        await client.publishAsync('rfid/dock-1', JSON.stringify(event), { qos: 1, dup });
      },
      get: async (path) => {
        const { url, key } = run();
        const answer = await fetch(new URL(`/api/v1${path}`, url), { headers: { authorization: `Bearer ${key}` } });
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return answer.json() as Promise<never>;
      },
    };
    return scene;
  };
  return { open, folder };
}

/** Whether a file of the scene's data folder is there. */
export const has = ({ data }: Scene, name: string): boolean => existsSync(join(data, name));
