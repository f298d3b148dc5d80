import { type Fault, fault } from '../../kit/index.ts';
import {
  type Capabilities,
  capabilitiesOf,
  identityOf,
  inners,
  type LlrpProfile,
  type LlrpStatus,
  type MessageName,
  type MessageTree,
  numberIn,
  type Parameter,
  statusFault,
  statusOf,
} from '../../protocols/index.ts';
import { type ReaderConfig, readerConfigOf } from './reader-config.ts';
import {
  addRoSpec,
  askKeepalives,
  OUR_ACCESSSPEC,
  OUR_ROSPEC,
  type Request,
  request,
  setReaderConfig,
} from './requests.ts';
import { refusalOf, type Wanted } from './wanted.ts';

/** What a set-up has learned of the reader so far. */
export type Learned = {
  /** The version that is spoken: 1 is LLRP 1.0.1, 2 is 1.1. */
  readonly version: number;
  /** The newest version that both sides have. */
  readonly newest: number;
  readonly has: Capabilities | null;
  readonly identity: string | null;
  /** What the reader said of its configuration; null where it does not. */
  readonly config: ReaderConfig | null;
  /** ROSpecs that are in the reader. */
  readonly roSpecs: readonly number[];
  /** AccessSpecs that are in the reader; null where it does not say. */
  readonly accessSpecs: readonly number[] | null;
  /** False where the reader refuses its maker's extensions: it takes no parameters of theirs then. */
  readonly extended: boolean;
  /** False where nobody could ask it for keepalives: silence is no sign of a lost connection then. */
  readonly keepsAlive: boolean;
  /** What the reader refused and is read without. */
  readonly lacks: readonly Lack[];
};

/** A step that was refused; the fault says what is read without it. */
export type Lack = { readonly step: MessageName; readonly fault: Fault };

type Without =
  | 'LLRP_WITHOUT_EXTENSIONS'
  | 'LLRP_WITHOUT_FACTS'
  | 'LLRP_WITHOUT_WORD_OF_OTHERS'
  | 'LLRP_WITHOUT_CLEARING'
  | 'LLRP_WITHOUT_EVENTS'
  | 'LLRP_WITHOUT_KEPT_READS';

export const nothingLearned: Learned = {
  version: 1,
  newest: 1,
  has: null,
  identity: null,
  config: null,
  roSpecs: [],
  accessSpecs: null,
  extended: true,
  keepsAlive: true,
  lacks: [],
};

export type Plan = { readonly profile: LlrpProfile; readonly wanted: Wanted };

/** What an answer means: the set-up goes on with what was learned, or cannot because of `problem`, which is `about` a setting. */
type Outcome = { readonly learned: Learned; readonly problem?: Fault; readonly about?: string };

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
  /** What is missing where the reader refuses the step: it is read all the same. Without this, the step is needed. */
  readonly without?: Without;
  /** What a refusal means, where it means more than that. */
  refused?(plan: Plan, learned: Learned): Outcome;
  take?(plan: Plan, learned: Learned, told: MessageTree): Outcome;
};

const always = () => true;
const isReading = ({ wanted }: Plan) => wanted.reading;
const toDelete = ({ wanted: { takeOver } }: Plan, specs: readonly number[] | null, ours: number) =>
  specs === null ? takeOver : specs.includes(ours) || (takeOver && specs.length > 0);
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
    without: 'LLRP_WITHOUT_EXTENSIONS',
    refused: (_, learned) => ({ learned: { ...learned, extended: false } }),
    take: (_, learned) => ({ learned: { ...learned, extended: true } }),
    request: ({ profile }) => {
      const { vendor = 0, subtype = 0, body = '' } = profile.enable ?? {};
      return request('CUSTOM_MESSAGE', { vendor, subtype, data: Buffer.from(body.replaceAll(' ', ''), 'hex') });
    },
  },
  {
    name: 'GET_READER_CAPABILITIES',
    answer: 'GET_READER_CAPABILITIES_RESPONSE',
    applies: always,
    without: 'LLRP_WITHOUT_FACTS',
    refused: ({ wanted }, learned) => ({ learned: { ...learned, has: no }, ...refusalOf(wanted, no) }),
    request: () => request('GET_READER_CAPABILITIES', { requested: 0 }),
    take: ({ profile, wanted }, learned, told) => {
      const has = capabilitiesOf(told);
      return { learned: { ...learned, has, identity: identityOf(has, profile) }, ...refusalOf(wanted, has) };
    },
  },
  {
    name: 'GET_READER_CONFIG',
    answer: 'GET_READER_CONFIG_RESPONSE',
    optional: true,
    applies: always,
    // 0 everywhere: all of it, of all antennas and ports.
    request: () => request('GET_READER_CONFIG'),
    take: (_, learned, told) => ({ learned: { ...learned, config: readerConfigOf(told) } }),
  },
  {
    name: 'GET_ROSPECS',
    answer: 'GET_ROSPECS_RESPONSE',
    applies: always,
    without: 'LLRP_WITHOUT_WORD_OF_OTHERS',
    // One of ours may be left in it.
    refused: (_, learned) => ({ learned: { ...learned, roSpecs: [OUR_ROSPEC] } }),
    request: () => request('GET_ROSPECS'),
    take: ({ wanted }, learned, told) => {
      const roSpecs = inners(told, 'ROSpec').map((spec) => numberIn(spec, 'roSpecId'));
      const others = roSpecs.filter((id) => id !== OUR_ROSPEC);
      if (others.length === 0 || wanted.takeOver) return { learned: { ...learned, roSpecs } };
      const list = others.slice(0, 5).join(', ');
      return {
        learned,
        about: 'otherRoSpec',
        problem: fault('LLRP_OTHER_ROSPEC', { ids: list }),
      };
    },
  },
  {
    name: 'GET_ACCESSSPECS',
    answer: 'GET_ACCESSSPECS_RESPONSE',
    optional: true,
    applies: always,
    request: () => request('GET_ACCESSSPECS'),
    take: ({ wanted }, learned, told) => {
      const specs = inners(told, 'AccessSpec');
      const foreign = specs.find((spec) => numberIn(spec, 'accessSpecId') !== OUR_ACCESSSPEC && wouldRun(spec));
      if (foreign === undefined || wanted.takeOver) {
        return { learned: { ...learned, accessSpecs: specs.map((spec) => numberIn(spec, 'accessSpecId')) } };
      }
      return {
        learned,
        about: 'otherRoSpec',
        problem: fault('LLRP_OTHER_ACCESSSPEC', { id: numberIn(foreign, 'accessSpecId') }),
      };
    },
  },
  {
    name: 'DELETE_ACCESSSPEC',
    answer: 'DELETE_ACCESSSPEC_RESPONSE',
    optional: true,
    applies: (plan, { accessSpecs }) => toDelete(plan, accessSpecs, OUR_ACCESSSPEC),
    request: ({ wanted }) => request('DELETE_ACCESSSPEC', { accessSpecId: wanted.takeOver ? 0 : OUR_ACCESSSPEC }),
  },
  {
    name: 'DELETE_ROSPEC',
    answer: 'DELETE_ROSPEC_RESPONSE',
    applies: (plan, { roSpecs }) => toDelete(plan, roSpecs, OUR_ROSPEC),
    without: 'LLRP_WITHOUT_CLEARING',
    // 0 is all of them (LLRP 1.0.1, 10.2.3).
    request: ({ wanted }) => request('DELETE_ROSPEC', { roSpecId: wanted.takeOver ? 0 : OUR_ROSPEC }),
  },
  {
    name: 'SET_READER_CONFIG',
    answer: 'SET_READER_CONFIG_RESPONSE',
    applies: always,
    without: 'LLRP_WITHOUT_EVENTS',
    refused: (_, learned) => ({ learned: { ...learned, keepsAlive: false } }),
    request: ({ profile }, { has }) => setReaderConfig(profile, has ?? no),
    take: (_, learned) => ({ learned: { ...learned, keepsAlive: true } }),
  },
  {
    // A reader that refuses one of the events may still say that it lives.
    name: 'SET_READER_CONFIG',
    answer: 'SET_READER_CONFIG_RESPONSE',
    optional: true,
    applies: (_, { keepsAlive }) => !keepsAlive,
    request: ({ profile }) => askKeepalives(profile),
    take: (_, learned) => ({ learned: { ...learned, keepsAlive: true } }),
  },
  {
    name: 'ADD_ROSPEC',
    answer: 'ADD_ROSPEC_RESPONSE',
    applies: isReading,
    request: ({ profile, wanted }, { has, config, extended }) =>
      addRoSpec({ profile, wanted, extended, has: has ?? no, singulation: config?.singulation ?? null }),
  },
  {
    name: 'ENABLE_ROSPEC',
    answer: 'ENABLE_ROSPEC_RESPONSE',
    applies: isReading,
    request: () => request('ENABLE_ROSPEC', { roSpecId: OUR_ROSPEC }),
  },
  {
    name: 'START_ROSPEC',
    answer: 'START_ROSPEC_RESPONSE',
    applies: isReading,
    request: () => request('START_ROSPEC', { roSpecId: OUR_ROSPEC }),
  },
];

/** An enabled AccessSpec of any ROSpec, or of ours. */
function wouldRun(spec: Parameter): boolean {
  return numberIn(spec, 'state') >= 0x80 && [0, OUR_ROSPEC].includes(numberIn(spec, 'roSpecId'));
}

/** From where the set-up begins anew when something else is wanted of a reader that is known. */
export const firstOfWanted = setUpSteps.findIndex(({ name }) => name === 'GET_ROSPECS');

/** What the answer to a step says: a refusal, or what was learned. */
export function takeAnswer(step: Step, plan: Plan, learned: Learned, told: MessageTree): Outcome {
  const status = statusOf(told);
  if (told.name === 'ERROR_MESSAGE' || status.code !== 0) {
    if (step.optional === true) return { learned };
    if (step.without === undefined) {
      return { learned, problem: fault('READER_STEP_REFUSED', { step: step.name }, statusFault(status)) };
    }
    const lacking = { ...learned, lacks: [...learned.lacks, lackOf(step.name, status, step.without)] };
    return step.refused?.(plan, lacking) ?? { learned: lacking };
  }
  return step.take?.(plan, learned, told) ?? { learned };
}

/** What is read without a step that was refused with this status. */
export function lackOf(step: MessageName, status: LlrpStatus, without: Without): Lack {
  return { step, fault: fault(without, { step }, statusFault(status)) };
}

/** What a reader lacks for all that a set-up from `from` on will not ask again. */
export function lacksBefore(from: number, { lacks }: Learned): readonly Lack[] {
  return lacks.filter(({ step }) => setUpSteps.findIndex(({ name }) => name === step) < from);
}
