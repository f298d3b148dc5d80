import type { TagAccess, Target } from './access.ts';
import type { CommandName, ReaderCommand } from './command.ts';
import { killTag } from './kill.ts';
import { lockTag } from './lock.ts';
import { setPasswords } from './passwords.ts';
import { readSensor } from './sensor.ts';
import { done, type Ending, failed, refused, type Trail } from './trail.ts';
import { writeVerified } from './verified-write.ts';
import { writeEpc } from './write-epc.ts';

type TagCommandName = Extract<
  CommandName,
  'readMemory' | 'readSensor' | 'writeEpc' | 'writeMemory' | 'setPasswords' | 'lock' | 'kill'
>;
type Row<Name extends TagCommandName> = {
  /** Steps that the reader must have. */
  readonly needs: readonly TagAccess['can'][number][];
  run(
    trail: Trail,
    access: TagAccess,
    target: Target,
    command: Extract<ReaderCommand, { command: Name }>,
  ): Promise<Ending> | Ending;
};

const upper = (hex: string) => hex.toUpperCase();

/** The commands that touch a tag, a row each. */
const rows: { readonly [Name in TagCommandName]: Row<Name> } = {
  readMemory: {
    needs: ['read'],
    run: async (trail, access, target, { bank, word, words }) => {
      const reply = await trail.take('read', access.read(target, bank, word, words));
      return reply.ok ? done({ data: reply.value }) : failed(reply.error);
    },
  },
  readSensor: { needs: ['read'], run: readSensor },
  writeEpc: {
    needs: ['read', 'write'],
    run: (trail, access, target, { epc }) => writeEpc(trail, access, target, upper(epc)),
  },
  writeMemory: {
    needs: ['read', 'write'],
    run: (trail, access, target, { bank, word, data }) => {
      if (bank !== 'user')
        return refused('parameter', 'writeMemory writes the user bank; EPC and passwords have commands of their own.');
      const wanted = upper(data);
      return writeVerified(trail, {
        look: () => access.read(target, bank, word, wanted.length / 4),
        write: () => access.write(target, bank, word, wanted),
        isWanted: (seen) => seen === wanted,
      });
    },
  },
  setPasswords: {
    needs: ['read', 'write'],
    run: (trail, access, target, { access: accessPassword, kill }) =>
      accessPassword === undefined && kill === undefined
        ? refused('parameter', 'Give access, kill, or both.')
        : setPasswords(trail, access, target, {
            access: accessPassword === undefined ? undefined : upper(accessPassword),
            kill: kill === undefined ? undefined : upper(kill),
          }),
  },
  lock: {
    needs: ['read', 'write', 'lock'],
    run: (trail, access, target, { lock }) => lockTag(trail, access, target, lock),
  },
  kill: {
    needs: ['read', 'kill'],
    run: (trail, access, target, { killPassword }) => killTag(trail, access, target, upper(killPassword)),
  },
};

export type TagCommand = Extract<ReaderCommand, { command: TagCommandName }>;

export function isTagCommand(command: ReaderCommand): command is TagCommand {
  return Object.hasOwn(rows, command.command);
}

/** Runs a command on one tag; refused where the reader lacks a step that it needs or cannot single the tag out so. */
export async function runOnTag(trail: Trail, access: TagAccess, command: TagCommand): Promise<Ending> {
  const { needs, run } = rows[command.command] as Row<TagCommandName>;
  const by = command.tag.tid === undefined ? 'epc' : 'tid';
  if (!needs.every((step) => access.can.includes(step)) || !access.selectBy.includes(by)) return refused('unsupported');
  const target = targetOf(command);
  const ending = await run(trail, access, target, command);
  return { epc: target.tag.epc ?? null, tid: target.tag.tid ?? null, ...ending };
}

function targetOf(command: TagCommand): Target {
  const { tag, antenna } = command;
  const password = 'password' in command && command.password !== undefined ? upper(command.password) : null;
  return {
    tag: tag.tid === undefined ? { epc: upper(tag.epc ?? '') } : { tid: upper(tag.tid) },
    antenna: antenna ?? null,
    password,
  };
}
