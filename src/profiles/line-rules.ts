import type { Problem } from '../kit/index.ts';
import { compileExpression, type LineProfile } from '../protocols/index.ts';

/** What a schema cannot say of a line profile: its expressions are harmless and say which id they read. */
export function lineProfileProblems({ patterns, others, grammar }: LineProfile): Problem[] {
  const lists = [
    ...patterns.map(({ expression }, i) => ({ pointer: `/patterns/${i}/expression`, expression, id: true })),
    ...others.map(({ expression }, i) => ({ pointer: `/others/${i}/expression`, expression, id: false })),
  ];
  const problems: Problem[] = lists.flatMap(({ pointer, expression, id }) => {
    const allowed =
      'an anchored expression in the syntax of RE2, without references or look-around, that is not too large';
    if (compileExpression(expression) === null) return [{ pointer, found: expression, allowed }];
    if (id && !namesId(expression)) {
      return [{ pointer, found: expression, allowed: 'a group named epc or uid, or both facility and card' }];
    }
    return [];
  });
  if (grammar !== 'tslAscii2' && patterns.length === 0) {
    problems.push({ pointer: '/patterns', found: patterns, allowed: 'at least one pattern' });
  }
  return problems;
}

function namesId(expression: string): boolean {
  const has = (name: string) => expression.includes(`(?<${name}>`);
  return has('epc') || has('uid') || (has('facility') && has('card'));
}
