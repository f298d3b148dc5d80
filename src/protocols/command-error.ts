import { type Fault, fault } from '../kit/index.ts';

/** Why a command had no effect, in the neutral words of every family, and the fault that each stands for. */
const faults = {
  unsupported: 'COMMAND_UNSUPPORTED',
  parameter: 'COMMAND_PARAMETER',
  offline: 'COMMAND_OFFLINE',
  timeout: 'COMMAND_TIMEOUT',
  busy: 'COMMAND_BUSY',
  noTag: 'COMMAND_NO_TAG',
  severalTags: 'COMMAND_SEVERAL_TAGS',
  locked: 'COMMAND_LOCKED',
  badPassword: 'COMMAND_BAD_PASSWORD',
  power: 'COMMAND_POWER',
  memory: 'COMMAND_MEMORY',
  verify: 'COMMAND_VERIFY',
  antenna: 'COMMAND_ANTENNA',
  temperature: 'COMMAND_TEMPERATURE',
  frequency: 'COMMAND_FREQUENCY',
  tag: 'COMMAND_TAG',
  internal: 'COMMAND_INTERNAL',
} as const;
export type CommandError = keyof typeof faults;
export const commandErrors = Object.keys(faults) as readonly CommandError[];

/** The fault behind a neutral error word; its sentence tells a person what to do. */
export function commandFault(error: CommandError): Fault {
  return fault(faults[error]);
}
