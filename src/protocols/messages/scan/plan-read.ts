import type { Rule } from '../../vocabulary/message-profile.ts';
import type { MapRule } from '../../vocabulary/read-map.ts';
import { createPlan, holds, type Lesson, type Plan, type PlanScope } from './plan.ts';
import { planId } from './plan-id.ts';
import { planRadio, planTime } from './plan-numbers.ts';
import type { Tree } from './tree.ts';

/** null where a rule or value of this read hangs on more than texts and numbers at their places. */
export function planRead(lesson: Lesson, tree: Tree, scope: PlanScope): Plan | null {
  const plan = createPlan(lesson, tree, scope);
  const steps = [planRules, planLooks, planId, planRadio, planTime, planRound];
  return steps.every((step) => step(plan, lesson)) ? plan : null;
}

/** The first rule that applies has to be one of reads. */
function planRules(plan: Plan, { map, rules }: Lesson): boolean {
  const own = (rule: MapRule) => holds(plan, rule.when.path, rule.when.in);
  if ((map.rules ?? []).some(own)) return false;
  const applies = ({ when }: Rule) => when === undefined || holds(plan, `/${when.path}`, when.in);
  return rules.find(applies)?.is === 'read';
}

function planLooks(plan: Plan, { looksAt }: Lesson): boolean {
  return looksAt.every((path) => {
    const found = plan.at({ path: `/${path}` });
    if (found === undefined) return true;
    if (found === 'deep' || 'told' in found) return false;
    plan.fixed.add(found.leaf);
    return true;
  });
}

function planRound(plan: Plan, { map: { round = [] } }: Lesson): boolean {
  const isRound = round === true || round.some(({ path, in: among }) => holds(plan, path, among));
  plan.given.round[0] = isRound ? 1 : 0;
  return true;
}
