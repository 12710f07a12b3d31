/** A person whose list of groups is probably incomplete, and why. */
export interface CutGroupsLine {
  readonly who: string
  readonly reason: string
}

/** People who may lack a role or a namespace, since their provider did not send all of their groups. */
export function CutGroups({ people }: { people: readonly CutGroupsLine[] }) {
  if (people.length === 0) return null
  return (
    <section aria-labelledby='cut-groups'>
      <header class='section-head'>
        <h2 id='cut-groups'>Groups that may be missing</h2>
        <p>Filter them at the provider to those that matter here, or use its roles</p>
      </header>
      <dl class='given'>
        {people.map(({ who, reason }) => (
          <div>
            <dt>{who}</dt>
            <dd>At their last sign-in, {reason}.</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
