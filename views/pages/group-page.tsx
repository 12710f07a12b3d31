import type { RunGroup } from '../../src/domain/group/group.ts'
import { isOver } from '../../src/domain/group/progress.ts'
import { Breakable, capitalized, ModelName, Moment } from '../format.tsx'
import { FormLink } from '../group/form-link.tsx'
import { GroupInputs, type SharedInputs } from '../group/group-inputs.tsx'
import { GroupPanel, type GroupPanelProps, groupTitle } from '../group/group-panel.tsx'
import { kindWords } from '../group/kinds.ts'
import { hx } from '../hx.ts'
import { Layout } from '../layout.tsx'
import { PrivateTag } from '../model/private-tag.tsx'
import { ConnectionNote, LookAgain, Refresh } from '../panel/prediction-panel.tsx'
import { usePaths } from '../site.ts'
import type { Maker } from '../workspace/made-with.tsx'

interface GroupPageProps {
  readonly panel: GroupPanelProps
  /** What its runs have in common; null where that is not shown. */
  readonly shared: SharedInputs | null
  /** Who made it; left out where viewers have no names. */
  readonly maker: Maker | undefined
  /** Why runs could not be run again. */
  readonly problems?: readonly string[]
}

/** Between two reloads of a page without scripts, in seconds. */
const refreshSeconds = 3

/** The permanent page of a group of runs. */
export function GroupPage({ panel, shared, maker, problems = [] }: GroupPageProps) {
  const { group, progress, from } = panel
  const paths = usePaths()
  const here = paths.group(group.id) + (from > 0 ? `?from=${from}` : '')
  const isLive = !isOver(group, progress)
  return (
    <Layout
      title={groupTitle(group, progress)}
      current='predictions'
      head={isLive && <Refresh here={here} seconds={refreshSeconds} />}
    >
      <GroupHead group={group} maker={maker} />
      <div class='workbench'>
        <div class={group.kind === 'sweep' ? 'bench' : undefined}>
          <section class='result' aria-label='Runs'>
            {isLive && <ConnectionNote here={here} />}
            {problems.map((problem) => (
              <p class='notice' role='alert'>
                Not all were run again: {problem}
              </p>
            ))}
            <GroupPanel {...panel} />
            <FormLink group={group} run={shared?.prediction.id ?? null} />
            {isLive && <LookAgain here={here} seconds={refreshSeconds} />}
          </section>
          {(shared || isLive) && <GroupShared shared={shared} once={isLive ? here : null} />}
        </div>
      </div>
    </Layout>
  )
}

interface GroupSharedProps {
  readonly shared: SharedInputs | null
  /** The address of the page, which is asked once all have settled; null when they have. */
  readonly once: string | null
}

/** What the runs have in common: it is not known before one of them was made. */
export function GroupShared({ shared, once }: GroupSharedProps) {
  const asks = once !== null && shared === null
  const later = asks
    ? hx({ get: once, trigger: 'settled from:body', target: 'this', swap: 'outerHTML' })
    : {}
  return (
    <section class='inputs' id='shared' aria-label='Inputs' {...later}>
      {shared && <GroupInputs {...shared} />}
    </section>
  )
}

function GroupHead({ group, maker }: { group: RunGroup; maker: Maker | undefined }) {
  const paths = usePaths()
  const { kind, title, models, axes, createdAt, visibility } = group
  const inputs = axes.map(({ input }) => input).join(' × ')
  return (
    <header class='page-head'>
      <p class='facts'>
        <a href={paths.predictions()}>Predictions</a>{' '}
        <span>
          {capitalized(kindWords[kind])}
          {maker !== undefined && ` by ${maker.name}`}
        </span>{' '}
        <Moment at={createdAt} shows='both' /> <PrivateTag visibility={visibility} />
      </p>
      <h1>
        <Breakable text={title} />
      </h1>
      <div class='facts'>
        {models.map((model) => (
          <span>
            <a href={paths.model(model)}>
              <ModelName model={model} />
            </a>
          </span>
        ))}
        {inputs !== '' && inputs !== title && <span class='mono'>{inputs}</span>}
      </div>
    </header>
  )
}
