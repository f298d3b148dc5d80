import type { LlrpProfile } from '../profile/llrp-profile.ts';
import { type Capabilities, capabilitiesOf, identityOf, refusalOf, type Wanted } from './capabilities.ts';
import type { MessageName } from './message.ts';
import { addRoSpec, OUR_ROSPEC, type Request, request, setReaderConfig } from './requests.ts';
import { type LlrpStatus, statusOf } from './status.ts';
import { inners, numberIn, type Told } from './tree.ts';

/** What a set-up has learned of the reader so far. */
export type Learned = {
  /** The version that is spoken: 1 is LLRP 1.0.1, 2 is 1.1. */
  readonly version: number;
  /** The newest version that both sides have. */
  readonly newest: number;
  readonly has: Capabilities | null;
  readonly identity: string | null;
  /** ROSpecs that are in the reader. */
  readonly roSpecs: readonly number[];
};

export const nothingLearned: Learned = { version: 1, newest: 1, has: null, identity: null, roSpecs: [] };

export type Plan = { readonly profile: LlrpProfile; readonly wanted: Wanted };

/** What an answer means: the set-up goes on with what was learned, or it cannot because of `problem`. */
type Outcome = { readonly learned: Learned } | { readonly problem: string };

/** One request of the set-up and what its answer says. */
export type Step = {
  readonly name: MessageName;
  readonly answer: MessageName;
  /** False: the step is left out. */
  applies(plan: Plan, learned: Learned): boolean;
  request(plan: Plan, learned: Learned): Request;
  /** The version to ask in where it is not the one that is spoken. */
  readonly inVersion?: number;
  /** True: silence or a refusal only means that the reader does not have it. */
  readonly optional?: boolean;
  take?(plan: Plan, learned: Learned, told: Told): Outcome;
};

const always = () => true;
const hasRoSpecs = (_: Plan, { roSpecs }: Learned) => roSpecs.length > 0;
const no: Capabilities = capabilitiesOf({ name: 'GET_READER_CAPABILITIES_RESPONSE', id: 0, values: {}, inside: [] });

/** The set-up in its order; every step waits for its answer. */
export const setUpSteps: readonly Step[] = [
  {
    name: 'GET_SUPPORTED_VERSION',
    answer: 'GET_SUPPORTED_VERSION_RESPONSE',
    inVersion: 2,
    optional: true,
    applies: ({ profile }) => profile.newestVersion > 1,
    request: () => request('GET_SUPPORTED_VERSION'),
    take: ({ profile }, learned, told) => ({
      learned: { ...learned, newest: Math.max(1, Math.min(profile.newestVersion, numberIn(told, 'supported'))) },
    }),
  },
  {
    name: 'SET_PROTOCOL_VERSION',
    answer: 'SET_PROTOCOL_VERSION_RESPONSE',
    inVersion: 2,
    optional: true,
    applies: (_, { newest }) => newest > 1,
    request: (_, { newest }) => request('SET_PROTOCOL_VERSION', { version: newest }),
    take: (_, learned) => ({ learned: { ...learned, version: learned.newest } }),
  },
  {
    name: 'CUSTOM_MESSAGE',
    answer: 'CUSTOM_MESSAGE',
    applies: ({ profile }) => profile.enable !== undefined,
    request: ({ profile }) => {
      const { vendor = 0, subtype = 0, body = '' } = profile.enable ?? {};
      return request('CUSTOM_MESSAGE', { vendor, subtype, data: Buffer.from(body.replaceAll(' ', ''), 'hex') });
    },
  },
  {
    name: 'GET_READER_CAPABILITIES',
    answer: 'GET_READER_CAPABILITIES_RESPONSE',
    applies: always,
    request: () => request('GET_READER_CAPABILITIES', { requested: 0 }),
    take: ({ profile, wanted }, learned, told) => {
      const has = capabilitiesOf(told);
      const problem = refusalOf(wanted, has);
      return problem === null ? { learned: { ...learned, has, identity: identityOf(has, profile) } } : { problem };
    },
  },
  {
    name: 'GET_ROSPECS',
    answer: 'GET_ROSPECS_RESPONSE',
    applies: always,
    request: () => request('GET_ROSPECS'),
    take: ({ wanted }, learned, told) => {
      const roSpecs = inners(told, 'ROSpec').map((spec) => numberIn(spec, 'roSpecId'));
      const others = roSpecs.filter((id) => id !== OUR_ROSPEC);
      if (others.length === 0 || wanted.takeOver) return { learned: { ...learned, roSpecs } };
      const list = others.slice(0, 5).join(', ');
      return {
        problem: `Another program has set this reader up (ROSpec ${list}). End it there, or set takeOver: true to delete its work.`,
      };
    },
  },
  {
    name: 'DELETE_ACCESSSPEC',
    answer: 'DELETE_ACCESSSPEC_RESPONSE',
    optional: true,
    applies: ({ wanted }) => wanted.takeOver,
    request: () => request('DELETE_ACCESSSPEC', { accessSpecId: 0 }),
  },
  {
    name: 'DELETE_ROSPEC',
    answer: 'DELETE_ROSPEC_RESPONSE',
    applies: hasRoSpecs,
    // 0 is all of them (LLRP 1.0.1, 10.2.3).
    request: ({ wanted }) => request('DELETE_ROSPEC', { roSpecId: wanted.takeOver ? 0 : OUR_ROSPEC }),
  },
  {
    name: 'SET_READER_CONFIG',
    answer: 'SET_READER_CONFIG_RESPONSE',
    applies: always,
    request: ({ profile }, { has }) => setReaderConfig(profile, has ?? no),
  },
  {
    name: 'ADD_ROSPEC',
    answer: 'ADD_ROSPEC_RESPONSE',
    applies: always,
    request: ({ profile, wanted }, { has }) => addRoSpec(profile, wanted, has ?? no),
  },
  {
    name: 'ENABLE_ROSPEC',
    answer: 'ENABLE_ROSPEC_RESPONSE',
    applies: always,
    request: () => request('ENABLE_ROSPEC', { roSpecId: OUR_ROSPEC }),
  },
  {
    name: 'START_ROSPEC',
    answer: 'START_ROSPEC_RESPONSE',
    applies: always,
    request: () => request('START_ROSPEC', { roSpecId: OUR_ROSPEC }),
  },
];

/** What the answer to a step says: a refusal in words, or what was learned. */
export function takeAnswer(step: Step, plan: Plan, learned: Learned, told: Told): Outcome & { status?: LlrpStatus } {
  const status = statusOf(told);
  if (told.name === 'ERROR_MESSAGE' || status.code !== 0) {
    return step.optional === true ? { learned } : { problem: 'refused', status };
  }
  return step.take?.(plan, learned, told) ?? { learned };
}
