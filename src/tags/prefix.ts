import type { PrefixTable } from './company-prefix.ts';
import { componentsProblem } from './domain.ts';
import type { TagError } from './epc.ts';
import { componentsOf, keyBody } from './identity.ts';
import type { Tag } from './tag.ts';

export type ParseOptions = {
  /**
   * Digits of the GS1 company prefix, 4 to 12: an EPC URI of an element string, Digital Link or `+` tag needs it. A prefix of 4 or 5
   * digits counts as 6, because an EPC takes the following digits into it [TDS 7.1].
   */
  readonly companyPrefixLength?: number | undefined;
  /** Where the length is looked up when it is not given. */
  readonly companyPrefixes?: PrefixTable | undefined;
  /** Accept the words that Digital Links had for AIs before version 1.2: `/gtin/…/ser/…`. */
  readonly aliases?: boolean | undefined;
};

/** The components that a known length of the company prefix gives, and what is wrong with them; `null` where no length is known. */
function split(tag: Tag, options: ParseOptions): { components: string[]; problem: TagError | null } | null {
  const spec = tag.identifier.elements;
  if (tag.components !== null || tag.elements === null || spec === null) return null;
  const body = keyBody(spec, tag.elements[0] ?? '');
  const length = options.companyPrefixLength ?? options.companyPrefixes?.lengthOf(body) ?? null;
  const components = length === null ? null : componentsOf(tag.identifier, spec, tag.elements, Math.max(6, length));
  return components === null ? null : { components, problem: componentsProblem(tag.identifier, components) };
}

/** The tag with the components of its EPC URI, where the length of its company prefix is known and fits. */
export function withComponents(tag: Tag, options: ParseOptions): Tag {
  const made = split(tag, options);
  return made === null || made.problem !== null ? tag : { ...tag, components: made.components };
}

/** Why the tag has no components although the length of its company prefix is known, or `null`. */
export function componentsFault(tag: Tag, options: ParseOptions): TagError | null {
  return split(tag, options)?.problem ?? null;
}
