import { memoryBanks } from '../commands/command.ts';
import { type Json, putAt, valueAt } from '../messages/control/json.ts';
import { isObject } from '../messages/values.ts';
import type { AccessMode, MessageCommands, ModeSettings } from '../profile/command-profile.ts';
import type { SimulatedTag } from './simulator.ts';
import type { TagAnswer, TagMemory } from './tag-memory.ts';

/** What a mode does to the tags that are read in it. */
export type Operations = {
  /** Whether the mode's filter and antennas let the tag in. */
  letsIn(tag: SimulatedTag): boolean;
  /** Carries the mode's operations out on the tag and puts the results into the report. */
  carryOut(memory: TagMemory | undefined, report: Record<string, unknown>): Record<string, unknown>;
};

export function operationsOn(commands: MessageCommands | undefined, mode: () => Json): Operations {
  const spec = commands?.mode;
  const access = commands?.access;
  return {
    letsIn: ({ epc, antenna }) => {
      const ports = portsIn(spec?.ports, mode());
      const filter = spec?.filter === undefined ? undefined : valueAt(mode(), spec.filter.path);
      const prefix = isObject(filter) ? String(filter['value']).toUpperCase() : '';
      return (ports === null || ports.includes(antenna)) && epc.startsWith(prefix);
    },
    carryOut: (memory, report) => {
      const operations = access === undefined ? undefined : valueAt(mode(), access.operations);
      if (access === undefined || memory === undefined || !Array.isArray(operations)) return report;
      putAt(report, access.results, resultsOf(access, memory, operations));
      return report;
    },
  };
}

/** The ports of a mode, given as numbers or as objects with a port each; null where it names none. */
function portsIn(ports: ModeSettings['ports'], mode: Json): unknown[] | null {
  const list = ports === undefined ? undefined : valueAt(mode, ports.list);
  if (!Array.isArray(list)) return null;
  const { port } = ports ?? {};
  return port === undefined ? list : list.map((row) => valueAt(row, port));
}

function resultsOf(access: AccessMode, memory: TagMemory, operations: readonly unknown[]): string[] {
  let password: string | null = null;
  return operations.map((operation) => {
    const given = extracted(access.password, operation)?.['password'];
    if (given !== undefined) {
      password = String(given);
      return access.success;
    }
    const read = extracted(access.read, operation);
    const written = extracted(access.write, operation);
    const what = read ?? written ?? {};
    const bank = memoryBanks.find((name) => name === String(what['bank']).toLowerCase());
    if (bank === undefined) return 'Error: Parameter';
    const word = Number(what['word']);
    return read === null
      ? sentenceOf(access, memory.write(bank, word, String(what['data']).toUpperCase(), password))
      : sentenceOf(access, memory.read(bank, word, Number(what['words']), password));
  });
}

/** Words in lower case, as fixed readers write them; or a sentence that says what went wrong. */
function sentenceOf({ success, errors }: AccessMode, answer: TagAnswer): string {
  if (answer.ok) return answer.data === '' ? success : answer.data.toLowerCase();
  return `Error: ${errors.find(({ error }) => error === answer.error)?.has ?? 'General Error 0x0F'}`;
}

/** The values of a template's placeholders in something made from it; null when it was made from another. */
function extracted(template: unknown, made: unknown): Record<string, unknown> | null {
  if (isObject(template)) {
    if (!isObject(made)) return null;
    const parts = Object.entries(template).map(([key, value]) => extracted(value, made[key]));
    return parts.includes(null) ? null : Object.assign({}, ...parts);
  }
  const name = typeof template === 'string' ? /^\{(\w+)\}$/.exec(template)?.[1] : undefined;
  if (name !== undefined) return made === undefined ? null : { [name]: made };
  return template === made ? {} : null;
}
