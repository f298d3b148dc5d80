import {
  type ByteProfile,
  compileSayings,
  type Form,
  forms,
  matchTemplate,
  type Operation,
  type Step,
  type TemplateValues,
  type Values,
} from '../protocols/index.ts';
import { type ByteDevice, isDeed } from './byte-device.ts';
import type { Sayings } from './sayings.ts';
import type { FieldTag } from './tag-field.ts';

/** A command as the profile knows it. */
export type Spoken = { readonly operation: Operation; readonly values: TemplateValues };

/** What a simulated reader is at. */
export type State = {
  send: ((bytes: Uint8Array) => void) | null;
  /** Inventory rounds still to go; 0 is idle. */
  rounds: number;
  /** What is said when they are used up. */
  ending: Step | null;
  reports: number;
  commands: number;
};

/** What it takes to obey. */
export type Obedience = {
  readonly profile: ByteProfile;
  readonly words: Sayings;
  readonly state: State;
  readonly device: ByteDevice;
  readonly rate: number;
  present(): readonly FieldTag[];
};

/** Does what the command says and returns the bodies of the answer, none where there is none yet. */
export function obey(deps: Obedience, command: Spoken | null, body: Uint8Array): readonly (Uint8Array | null)[] {
  const { profile, words, state, device, rate } = deps;
  if (command === null) return [words.refusal(body)];
  const { operation, values } = command;
  // A module serves one thing at a time: who does not stop the inventory first is not heard.
  if (isDeed(operation) && state.rounds > 0) return [];
  state.commands += 1;
  if (!isAllowed(profile, values)) return [words.refusal(body)];
  device.note(operation, values);
  const step = profile.session.round?.find((one) => one.operation === operation);
  if (step !== undefined) return [playStep(words, state, step, rate)];
  const counting = profile.access?.census?.find((one) => one.operation === operation);
  if (counting !== undefined) return census(deps, counting, values);
  if (isDeed(operation)) return onTags(deps, operation, values);
  if (operation === 'startInventory') state.rounds = values.rounds ?? Number.POSITIVE_INFINITY;
  if (operation === 'stopInventory') state.rounds = 0;
  if (operation === 'inventoryOnce') state.rounds = 1;
  return [words.answer(operation, told(device))];
}

/** What was set, by the names that answers have for it. */
function told(device: ByteDevice): Values {
  const { power, region } = device.told();
  return { ...(power === undefined ? {} : { power }), ...(region === undefined ? {} : { region }) };
}

/** One inventory of the tags that are meant, all at once. */
function census({ words, device, present }: Obedience, step: Step, values: TemplateValues) {
  const tags = device.counted(step, present(), values);
  if (step.reports === undefined) return [words.answer(step.operation) ?? words.ending(step)];
  if (tags.length === 0) return [words.ending(step)];
  if (step.reports === 'inside') return [words.reportOf(step.operation, tags)];
  return tags.map((tag) => words.reportOf(step.operation, [tag]));
}

/** A frame for each tag, as readers answer that name the tag; one where the answer names none. */
function onTags({ words, device, present }: Obedience, operation: Operation, values: TemplateValues) {
  const done = device.onTags(operation, values, present());
  if (done === null || 'error' in done) return [words.error(operation, done?.error ?? 'tag')];
  const { tags, memory } = done;
  const [first] = tags;
  return first === undefined
    ? []
    : [words.answer(operation, { epc: first.epc, pc: first.memory.pc(), memory, tags: tags.length })];
}

/** A round of a tenth of a second, or of the one frame that holds its report. */
function playStep(words: Sayings, state: State, step: Step, rate: number): Uint8Array | null {
  if (step.reports === undefined) return words.ending(step);
  state.ending = step;
  state.rounds = step.reports === 'inside' ? 1 : Math.max(1, Math.round(rate / 10));
  return null;
}

/** Says which command a body is; null for one that the profile does not know. */
export function compileUnderstanding(profile: ByteProfile): (body: Uint8Array) => Spoken | null {
  const codes = Object.values(profile.access?.banks ?? {});
  const known = Object.entries(profile.commands).flatMap(([operation, command]) => {
    const said = compileSayings(command);
    // First the plain way, whose bytes are fixed where those of others are codes.
    const ways = ['plain', ...forms].flatMap((form) => said.get(form as Form) ?? []);
    return ways.map((template) => ({ operation: operation as Operation, template }));
  });
  return (body) => {
    for (const { operation, template } of known) {
      const values = matchTemplate(template, body);
      if (values === null) continue;
      if (values.maskBank === undefined || codes.includes(values.maskBank)) return { operation, values };
    }
    return null;
  };
}

function isAllowed(profile: ByteProfile, { powerMw, power = dbmOf(powerMw), region }: TemplateValues): boolean {
  const { minDbm, maxDbm } = profile.power;
  if (power !== undefined && (power < minDbm || power > maxDbm)) return false;
  return region === undefined || Object.values(profile.regions).some(({ code }) => code === region);
}

/** To a tenth: what was rounded to whole milliwatts is itself again. */
function dbmOf(milliwatts: number | undefined): number | undefined {
  return milliwatts === undefined ? undefined : Math.round(100 * Math.log10(milliwatts)) / 10;
}
