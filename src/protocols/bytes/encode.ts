import { failure, fault } from '../../kit/index.ts';
import type { ByteProfile, Command } from '../vocabulary/byte-profile.ts';
import type { Operation } from '../vocabulary/operations.ts';
import type { CompiledFraming } from './framing.ts';
import { compileTemplate, fillTemplate, type Template } from './template.ts';
import { type Form, forms, type TemplateValues } from './template-values.ts';

/**
 * Makes the frame of a command, said in the first of the `asked` forms that it has; throws READER_REFUSED when the profile
 * has no such command or a value does not fit.
 */
export type CommandEncoder = (
  operation: Operation,
  values: TemplateValues,
  framing: CompiledFraming,
  asked?: readonly Form[],
) => Uint8Array;

export function compileEncoder(profile: ByteProfile): CommandEncoder {
  const sayings = new Map(Object.entries(profile.commands).map(([name, command]) => [name, compileSayings(command)]));
  return (operation, values, framing, asked = []) => {
    const said = sayings.get(operation);
    const form = asked.find((one) => said?.has(one) === true);
    const template = said?.get(form ?? 'plain');
    const body = template == null ? null : fillTemplate(template, values);
    const frame = body === null ? null : framing.build(body);
    if (frame === null || frame.length > framing.maximum) {
      // Values may hold passwords: they are not told.
      const what = fault('READER_STEP_IMPOSSIBLE', { profile: profile.id, step: operation });
      throw failure(what, { operation, error: 'parameter', unsent: true });
    }
    return frame;
  };
}

/** Every way in which a command is said, by form. */
export function compileSayings({ send, by = {} }: Command): ReadonlyMap<Form | 'plain', Template | null> {
  const named = forms.flatMap((form) => {
    const text = by[form];
    return text === undefined ? [] : [[form, compileTemplate(text)] as const];
  });
  return new Map<Form | 'plain', Template | null>([...named, ['plain', compileTemplate(send)]]);
}
