import { GatewayError } from '../../kit/index.ts';
import type { ByteProfile, Operation } from '../profile/byte-profile.ts';
import type { CompiledFraming } from './framing.ts';
import { compileTemplate, fillTemplate, type TemplateValues } from './template.ts';

/** Makes the frame of a command; throws READER_REFUSED when the profile has no such command or a value does not fit. */
export type CommandEncoder = (operation: Operation, values: TemplateValues, framing: CompiledFraming) => Uint8Array;

export function compileEncoder(profile: ByteProfile): CommandEncoder {
  const templates = new Map(Object.entries(profile.commands).map(([name, { send }]) => [name, compileTemplate(send)]));
  return (operation, values, framing) => {
    const template = templates.get(operation);
    const body = template == null ? null : fillTemplate(template, values);
    if (body === null) {
      throw new GatewayError('READER_REFUSED', `${profile.id} cannot ${operation} with these values.`, {
        operation,
        values,
      });
    }
    return framing.build(body);
  };
}
