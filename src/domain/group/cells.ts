import type { GroupMember, Plan } from './group.ts'

/** A place of a group as a page shows it. */
export type GroupCell =
  | { readonly kind: 'run'; readonly place: number; readonly run: GroupMember }
  /** Not started yet, or, with a problem, never. */
  | { readonly kind: 'planned'; readonly place: number; readonly plan: Plan }

/** The runs and the plans of a group in the order of their places, at most `limit`. */
export function cellsOf(
  members: readonly GroupMember[],
  plans: readonly Plan[],
  limit: number,
): readonly GroupCell[] {
  const cells = new Map<number, GroupCell>()
  for (const plan of plans) cells.set(plan.place, { kind: 'planned', place: plan.place, plan })
  // A run that was just made may still stand in the plan.
  for (const run of members) {
    const { place } = run.group
    cells.set(place, { kind: 'run', place, run })
  }
  return [...cells.values()].sort((one, other) => one.place - other.place).slice(0, limit)
}
