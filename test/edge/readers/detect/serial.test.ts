import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/kit/index.ts';
import { loadProfiles, type Profile } from '../../../../src/profiles/index.ts';
import { trialsOf } from '../../../../src/readers/detect/probe.ts';
import { detectSerial } from '../../../../src/readers/detect/serial.ts';
import { createByteSimulator } from '../../../../src/simulators/byte-simulator.ts';
import { createLineSimulator } from '../../../../src/simulators/line-simulator.ts';
import { idsOf } from '../../../fakes/family-scene.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';

const shipped = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);
const wired = shipped.all().filter(({ kind }) => kind === 'bytes' || kind === 'lines');

type Bench = {
  readonly baudRate?: number;
  readonly tags?: boolean;
  /** The adapter gives back what is written. */
  readonly echo?: boolean;
  /** The reader was left taking inventory. */
  readonly running?: boolean;
  readonly listenMs?: number;
};

/** A port with a simulated reader on it, which is only understood at its own speed, as on a real line. */
function bench(
  profile: Profile,
  { baudRate, tags = false, echo = false, running = false, listenMs = 300 }: Bench = {},
) {
  if (profile.kind !== 'bytes' && profile.kind !== 'lines') throw new Error('needs a wired profile');
  const clock = manualClock();
  const field = tags ? idsOf(profile).map((epc) => ({ epc, antenna: 1, rssi: -50 })) : [];
  const behaviour = { tags: field, rate: 10, clock, random: () => 0.5 };
  const device =
    profile.kind === 'bytes' ? createByteSimulator(profile, behaviour) : createLineSimulator(profile, behaviour);
  const own = baudRate ?? profile.port.baud[0];
  const format = profile.kind === 'bytes' ? profile.port.format : '8N1';
  if (running && profile.kind === 'bytes') startBy(profile, device.receive);
  const written: string[] = [];
  const opened: string[] = [];
  const garbled = (bytes: Uint8Array) => bytes.map((byte) => (byte * 37 + 11) & 0xff);
  const search = {
    profiles: shipped.all(),
    clock,
    listenMs,
    open: async (
      _path: string,
      setting: { baudRate: number; format: string },
      events: { chunk(b: Uint8Array): void },
    ) => {
      opened.push(`${setting.baudRate} ${setting.format}`);
      const isOwn = setting.baudRate === own && setting.format === format;
      device.connect((bytes) => events.chunk(isOwn ? bytes : garbled(bytes)));
      return {
        write: async (bytes: Uint8Array) => {
          written.push(Buffer.from(bytes).toString('hex').toUpperCase());
          if (echo) events.chunk(bytes);
          device.receive(isOwn ? bytes : garbled(bytes));
        },
        hold: () => undefined,
        close: async () => device.disconnect(),
      };
    },
  };
  const run = async () => {
    const finding = detectSerial('/dev/ttyUSB0', search);
    await clock.advance(120_000);
    return finding;
  };
  return { run, written, opened, counts: device.counts };
}

function startBy(profile: Extract<Profile, { kind: 'bytes' }>, receive: (bytes: Uint8Array) => void): void {
  // ThingMagic's own start, as a gateway that is gone had sent it.
  const [start] = trialsOf([profile]);
  if (start === undefined) throw new Error('no trial');
  receive(Buffer.from('FF0022000000', 'hex'));
}

const askable = wired.filter((profile) =>
  profile.kind === 'bytes'
    ? profile.commands.identify !== undefined
    : profile.kind === 'lines' && profile.session.identify !== undefined,
);
const talkers = wired.filter(({ id }) =>
  ['seeed/rdm6300', 'innovations/id12', 'generic/line', 'generic/fdx-b', 'gwiot/7941e'].includes(id),
);
const family = (id: string) => id.split('/')[0];

describe('what is on a serial port', () => {
  test.each(askable.map((profile) => [profile.id, profile] as const))(
    '%s is found by its answer at its first speed',
    async (id, profile) => {
      const { found, error } = await bench(profile).run();
      expect(error).toBeNull();
      expect(found).toMatchObject({ how: 'answered' });
      const named = [found?.profile ?? '', ...(found?.alternatives ?? [])];
      expect(named.some((name) => name === id || family(name) === family(id) || name === 'thingmagic/m6e')).toBe(true);
    },
  );

  test.each(
    askable.flatMap((profile) =>
      profile.kind === 'bytes' && profile.port.baud.length > 1
        ? [[profile.id, profile.port.baud.at(-1) ?? 0, profile] as const]
        : [],
    ),
  )('%s is found at %i baud, the last one it may be set to', async (_id, baudRate, profile) => {
    const { found } = await bench(profile, { baudRate }).run();
    expect(found).toMatchObject({ baudRate, how: 'answered' });
  });

  test.each(talkers.map((profile) => [profile.id, profile] as const))(
    '%s, which only talks, is found by what it reads',
    async (id, profile) => {
      const { found } = await bench(profile, { tags: true }).run();
      expect(found).toMatchObject({ how: 'heard', identity: null });
      expect([found?.profile, ...(found?.alternatives ?? [])]).toContain(id);
    },
  );

  test('nothing but questions is written, and nothing at all to a reader that is heard before it is asked', async () => {
    const card = shipped.get('seeed/rdm6300');
    const heard = bench(card, { tags: true });
    await heard.run();
    const questions = new Set(
      trialsOf(shipped.all()).flatMap(({ probes }) =>
        probes.map(({ bytes }) => Buffer.from(bytes).toString('hex').toUpperCase()),
      ),
    );
    expect(heard.written.every((hex) => questions.has(hex))).toBe(true);
    const only = bench(card, { tags: true });
    const trials = trialsOf([card]);
    expect(trials.flatMap(({ probes }) => probes)).toEqual([]);
    await only.run();
  });

  test('an adapter that echoes what is written does not answer in the reader’s place', async () => {
    const { found } = await bench(shipped.get('r2000/a0'), { echo: true }).run();
    expect(found).toMatchObject({ profile: 'r2000/a0', identity: '0109' });
  });

  test('an echo alone is no reader', async () => {
    const profile = shipped.get('generic/module-5a');
    const { found, error } = await bench(profile, { echo: true }).run();
    expect({ found, error }).toEqual({ found: null, error: null });
  });

  test('a reader that names another model is told as the profile of its family', async () => {
    const { found } = await bench(shipped.get('thingmagic/nano')).run();
    expect(found?.profile).toMatch(/^thingmagic\//);
  });

  test('a port that cannot be opened says why', async () => {
    const clock = manualClock();
    const finding = await detectSerial('/dev/ttyUSB9', {
      profiles: shipped.all(),
      clock,
      listenMs: 10,
      open: () => Promise.reject(new GatewayError('LINK_DENIED', 'No permission for /dev/ttyUSB9.')),
    });
    expect(finding).toEqual({ path: '/dev/ttyUSB9', found: null, error: 'No permission for /dev/ttyUSB9.' });
  });

  test('the likeliest settings are tried first, each once', () => {
    const settings = trialsOf(shipped.all()).map(({ setting }) => `${setting.baudRate} ${setting.format}`);
    expect(settings.slice(0, 3)).toEqual(['115200 8N1', '9600 8N1', '57600 8N1']);
    expect(new Set(settings).size).toBe(settings.length);
  });
});
