import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadProfiles, openDecoder } from '../../src/profiles/index.ts';
import { holds, type Json } from '../../src/protocols/messages/json.ts';
import { type MessagePlugin, plainPlugin } from '../../src/protocols/messages/plugin.ts';
import { plugins, readMapOf } from '../../src/protocols/messages/plugins.ts';
import type { Sink } from '../../src/protocols/sink.ts';
import { type MessageProfile, type PluginName, pluginNames } from '../../src/protocols/vocabulary/message-profile.ts';
import type { MessageCommands, Talk, Wanted } from '../../src/readers/messages/control/dialect.ts';
import { settingProblems } from '../../src/readers/messages/control/limits.ts';
import { createMqttAsk } from '../../src/readers/messages/control/mqtt-ask.ts';
import { dialects } from '../../src/readers/messages/dialects.ts';
import { insideOf } from '../../src/simulators/insides.ts';
import type { DeviceState } from '../../src/simulators/message-inside.ts';
import { manualClock } from '../fakes/manual-clock.ts';

const shippedFolder = join(import.meta.dirname, '../../firmware-profiles');
const shipped = loadProfiles([shippedFolder])
  .all()
  .filter((profile): profile is MessageProfile => profile.kind === 'messages');
const rows = Object.entries(plugins).map(([name, plugin]) => ({ name, plugin: plugin as MessagePlugin }));

/** What a plug-in told of messages, as texts. */
function listener() {
  const told: string[] = [];
  const refuse = () => {
    throw new Error('a plug-in tells signs and warnings, nothing else');
  };
  const sink: Sink = {
    rows: refuse,
    read: refuse,
    readUnstamped: refuse,
    answer: refuse,
    event: refuse,
    bad: refuse,
    sign: (sign) => void told.push(JSON.stringify(sign)),
    warn: (code, by) => void told.push(`${code} ${by}`),
  };
  return { told, sink };
}

/** Anything that JSON can hold, and things that look like messages of these makers. */
const words = ['type', 'data', 'command', 'response', 'payload', 'radio_control', 'antennas', 'eventName', '__proto__'];
/** `String` of this throws. */
const stubborn = { toString: false, valueOf: false };
const said = fc.oneof(fc.jsonValue(), fc.constantFrom('heartbeat', 'error', 'PORTAL', stubborn));
const anything = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...words), said));

describe.each(rows)('plug-in $name', ({ name, plugin }) => {
  const own = shipped.filter((profile) => profile.plugin === name);
  const profile = own[0] as MessageProfile;

  test('is named by a shipped profile', () => {
    expect(own.length).toBeGreaterThan(0);
  });

  test('does something that a profile’s words cannot', () => {
    const own = Object.entries(plugin).filter(([part, value]) => value !== plainPlugin[part as keyof MessagePlugin]);
    expect(own.length + Number(name in dialects)).toBeGreaterThan(0);
  });

  test('adds its places behind those of the profile, and takes none away', () => {
    const whole = readMapOf(profile);
    for (const [key, value] of Object.entries(profile.map)) {
      const places = whole[key as keyof typeof whole] as unknown;
      if (Array.isArray(value)) expect((places as unknown[]).slice(0, value.length)).toMatchObject(value);
    }
    for (const key of Object.keys(plugin.map)) expect(whole).toHaveProperty(key);
  });

  test('hears any message without a throw, and tells only what there can be', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 8 }), (messages) => {
        const { told, sink } = listener();
        const voice = plugin.listen();
        for (const message of messages) {
          voice.read(message, sink);
          voice.event(message, 0, sink);
          const answer = voice.answer(message);
          if (answer !== null) expect(answer.command.length).toBeGreaterThan(0);
        }
        for (const text of told)
          expect(text).toMatch(/^([A-Z_]+ [1-9]|\{"about":"(inventory|trigger|antenna|complaint)")/);
      }),
      { numRuns: 500 },
    );
  });

  test('remembers for one reader only: what another heard makes no difference', () => {
    const hear = (voice: ReturnType<MessagePlugin['listen']>) => {
      const { told, sink } = listener();
      for (const { payload } of profile.captures) voice.event(payload, 0, sink);
      return told;
    };
    const first = plugin.listen();
    const told = hear(first);
    hear(first);
    expect(hear(plugin.listen())).toEqual(told);
  });

  test('its simulated reader is in a mode in which it reads, and answers nonsense without a throw', () => {
    const inside = insideOf(profile);
    expect(inside.letsIn({ epc: '3034257BF7194E4000001A85', antenna: 1, rssi: -50 }, inside.mode)).toBe(true);
    fc.assert(
      fc.property(anything, fc.string(), (message, path) => {
        const state: DeviceState = { active: true, mode: structuredClone(inside.mode) as Json };
        inside.answer(typeof message === 'object' && message !== null ? (message as Json) : {}, state);
        expect(inside.serve('GET', path, message, state).status).toBeGreaterThanOrEqual(200);
      }),
    );
  });
});

type Commanded = { readonly name: string; readonly plugin: MessagePlugin; readonly commands: MessageCommands };
const commanded = rows.flatMap<Commanded>(({ name, plugin }) => {
  const commands = dialects[name as PluginName];
  return commands === undefined ? [] : [{ name, plugin, commands }];
});

/** The plug-in's own words for its own simulated reader, with nothing between them. */
function talkOf({ name, plugin, commands }: Commanded): { talk: Talk; profile: MessageProfile; state: DeviceState } {
  const profile = shipped.find((one) => one.plugin === name) as MessageProfile;
  const inside = insideOf(profile);
  const state: DeviceState = { active: true, mode: structuredClone(inside.mode) as Json };
  if (commands.over === 'rest') {
    const talk = commands.talk(async (method, path, body) => {
      const { status, body: value } = inside.serve(method, path, body, state);
      return status < 300 ? { ok: true, value } : { ok: false, error: 'internal', sent: true };
    }, 'default');
    return { talk, profile, state };
  }
  const voice = plugin.listen();
  const publish = async (_topic: string, payload: string | Uint8Array) => {
    const said = inside.answer(JSON.parse(String(payload)) as Json, state);
    const answer = said === null ? null : voice.answer(JSON.parse(JSON.stringify(said)));
    if (answer !== null) answered(answer);
  };
  const topics = { control: 'c', management: 'm' };
  const clock = manualClock();
  const { ask, answered } = createMqttAsk({ ...commands, topics, channel: { publish }, clock, random: () => 0.5 });
  return { talk: commands.talk(ask), profile, state };
}

/** Settings within the limits of a plug-in. */
function wishes({ power, antennaPower, antennas, filter }: MessageCommands['limits']): fc.Arbitrary<Wanted> {
  const steps = Math.floor((Math.min(power.maxDbm, 30) - Math.max(power.minDbm, 10)) / power.stepDbm);
  const dbm = fc
    .integer({ min: 0, max: steps })
    .map((step) => Number((Math.max(power.minDbm, 10) + step * power.stepDbm).toFixed(2)));
  const session = fc.integer({ min: 0, max: 3 }) as fc.Arbitrary<0 | 1 | 2 | 3>;
  const ports = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
  const all = {
    power: dbm,
    ...(antennas ? { antennas: ports } : {}),
    ...(antennaPower ? { antennaPower: fc.dictionary(fc.constantFrom('1', '2'), dbm, { minKeys: 1 }) } : {}),
  };
  const mask = fc.constantFrom('E280', '3034257B').map((hex) => ({ bank: 'epc' as const, bit: 32, mask: hex }));
  const plain = fc.record({ ...all, session }, { requiredKeys: [] });
  return filter ? fc.oneof(plain, fc.record({ ...all, filter: mask }, { requiredKeys: [] })) : plain;
}

describe.each(commanded)('the commands of plug-in $name', (row) => {
  const { commands } = row;

  test('have limits that can be met, and say where those are from', () => {
    const { power } = commands.limits;
    expect(power.maxDbm).toBeGreaterThan(power.minDbm);
    expect(power.stepDbm).toBeGreaterThan(0);
    expect(power.source.length).toBeGreaterThan(10);
    expect(commands.answerMs).toBeGreaterThanOrEqual(1_000);
  });

  test('identify, stop and start the simulated reader, which says what it does', async () => {
    const { talk, profile } = talkOf(row);
    const known = await talk.identify();
    expect(known).toMatchObject({ ok: true, value: { model: profile.models[0], serial: 'SIMULATED-1' } });
    for (const isActive of [false, true, true, false, false]) {
      expect((await (isActive ? talk.start() : talk.stop())).ok).toBe(true);
      expect(await talk.activity()).toMatchObject({ ok: true, value: { isActive } });
    }
  });

  test('set what is wanted, keep the rest, ask for nothing twice, and leave the mode that they were given as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wishes(commands.limits), { minLength: 1, maxLength: 4 }), async (all) => {
        const { talk, profile } = talkOf(row);
        await talk.stop();
        for (const wanted of all) {
          expect(settingProblems(profile, wanted)).toEqual([]);
          const before = await talk.mode();
          if (!before.ok) throw new Error('no mode');
          const copy = structuredClone(before.value);
          const mode = talk.modeWith(before.value, wanted);
          expect(before.value).toEqual(copy);
          expect((await talk.setMode(mode)).ok).toBe(true);
          const after = await talk.mode();
          if (!after.ok) throw new Error('no mode');
          expect(after.value).toEqual(mode);
          expect(holds(talk.modeWith(after.value, wanted), after.value)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('make a mode of whatever a reader may have as one', () => {
    const { talk } = talkOf(row);
    const parts = fc.constantFrom('antennas', 'antennaConfigs', 'query', 'transmitPower', 'advancedConfigurations');
    fc.assert(
      fc.property(fc.dictionary(parts, fc.jsonValue()), wishes(commands.limits), (present, wanted) => {
        expect(typeof talk.modeWith(present, wanted)).toBe('object');
      }),
    );
  });
});

/** Words of these makers' messages: where each stands, a message may have anything. */
const places = [
  '{"type":?,"data":{"idHex":"E280","format":?}}',
  '{"type":"heartbeat","data":{"radio_control":{"radioActivity":?,"antennas":{"1":?}}}}',
  '{"type":"error","data":{"message":?}}',
  '{"command":?,"response":?,"command_id":?}',
  '{"command":"start","requestId":?,"response":{"code":?}}',
  '{"eventName":"heartbeat","data":{"inventoryStatus":{"rfidStatus":?}}}',
  '{"inventoryStatusEvent":{"status":?}}',
  '{"antennaConnectedEvent":{"antennaPort":?}}',
];

test.each(places)('no decoder throws at %s, whatever stands there', (place) => {
  const odd = ['{"toString":false,"valueOf":false}', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, '{"__proto__":1}'];
  for (const value of odd) {
    const payload = place.replaceAll('?', value);
    for (const profile of shipped) expect(() => openDecoder(profile).push(payload, { status: true })).not.toThrow();
  }
});

describe('a profile of somebody else', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'silentgate-plugins-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const chainway = JSON.parse(readFileSync(join(shippedFolder, 'chainway/ura4.json'), 'utf8')) as object;
  const loaded = (name: string, more: object) => {
    const file = join(scratch, `${name}.json`);
    writeFileSync(file, JSON.stringify({ ...chainway, id: `acme/${name}`, captures: [], ...more }));
    return loadProfiles([shippedFolder, file]).get(`acme/${name}`) as MessageProfile;
  };

  test('may name a plug-in that there is, and has what it gives', () => {
    const profile = loaded('mine', { plugin: 'generic-json', rules: [{ is: 'read' }], map: { id: [{ path: 'tag' }] } });
    const decoder = openDecoder(profile, { id: [{ path: 'elsewhere' }] });
    expect(decoder.push('{"elsewhere":"E28011606000020934D6FAF7"}')).toMatchObject([
      { epc: 'E28011606000020934D6FAF7' },
    ]);
  });

  test('may inherit one, or name another', () => {
    expect(loaded('child', { extends: 'zebra/iot-connector', captures: [] }).plugin).toBe('zebra-iot-connector');
    expect(loaded('other', { extends: 'zebra/iot-connector', plugin: 'zebra-rfd40' }).plugin).toBe('zebra-rfd40');
  });

  test.each(['zebra-iot-connecter', './mine.js', '__proto__', 'constructor', '', 7])(
    'that names the plug-in %j is refused, with the names that there are',
    (plugin) => {
      const names = pluginNames.map((name) => JSON.stringify(name)).join(', ');
      expect(() => loaded('wrong', { plugin })).toThrow(
        expect.objectContaining({
          code: 'PROFILE_INVALID',
          message: expect.stringContaining(`allowed: one of ${names}`),
          context: expect.objectContaining({
            problems: [expect.objectContaining({ pointer: '/plugin', found: plugin })],
          }),
        }),
      );
    },
  );
});
