import type { Child } from 'hono/jsx'
import type { RunGroup } from '../../src/domain/group/group.ts'
import { isOver } from '../../src/domain/group/progress.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { Breakable, capitalized, Moment, plural } from '../format.tsx'
import { FormLink } from '../group/form-link.tsx'
import { GroupInputs, type SharedInputs } from '../group/group-inputs.tsx'
import {
  GroupPanel,
  type GroupPanelProps,
  type GroupPermissions,
  groupTitle,
} from '../group/group-panel.tsx'
import { kindWords } from '../group/kinds.ts'
import { hx } from '../hx.ts'
import { Layout } from '../layout.tsx'
import { ModelLink } from '../model/model-link.tsx'
import { PrivateTag } from '../model/private-tag.tsx'
import { ConnectionNote, LookAgain, Refresh } from '../panel/prediction-panel.tsx'
import { ShareBox, type ShareBoxProps } from '../panel/share-box.tsx'
import { SharedHead } from '../shares/shared-head.tsx'
import { usePaths } from '../site.ts'
import type { Maker } from '../workspace/made-with.tsx'

interface ShownGroup {
  readonly panel: GroupPanelProps
  /** What its runs have in common; null where that is not shown. */
  readonly shared: SharedInputs | null
}

interface GroupPageProps extends ShownGroup {
  /** Who made it; left out where viewers have no names. */
  readonly maker: Maker | undefined
  /** Why runs could not be run again. */
  readonly problems?: readonly string[]
  /** Its share links; null when there are none, or the viewer may not share it. */
  readonly links: ShareBoxProps | null
}

/** Between two reloads of a page without scripts, in seconds. */
const refreshSeconds = 3

/** The permanent page of a group of runs. */
export function GroupPage({ panel, shared, maker, links, problems }: GroupPageProps) {
  const { kind, createdAt, visibility } = panel.group
  return (
    <GroupDocument
      {...{ panel, shared }}
      current='predictions'
      problems={problems}
      facts={
        <>
          <a href={usePaths().predictions()}>Predictions</a>{' '}
          <span>
            {capitalized(kindWords[kind])}
            {maker !== undefined && ` by ${maker.name}`}
          </span>{' '}
          <Moment at={createdAt} shows='both' /> <PrivateTag visibility={visibility} />
        </>
      }
      below={links && <ShareBox {...links} />}
    />
  )
}

interface SharedGroupPageProps extends ShownGroup {
  /** The absolute URL of the page. */
  readonly address: string
}

/** A group of runs as visitors with a share link see it. */
export function SharedGroupPage({ panel, shared, address }: SharedGroupPageProps) {
  const { kind, title, models, size, createdAt } = panel.group
  const summary = `${plural(size, 'run')} of ${models.map(modelName).join(', ')}`
  return (
    <GroupDocument
      {...{ panel, shared }}
      head={<SharedHead {...{ title, summary, address }} />}
      facts={
        <span>
          Shared {kindWords[kind]}, created <Moment at={createdAt} shows='day' />
        </span>
      }
    />
  )
}

interface GroupDocumentProps extends ShownGroup {
  readonly current?: 'predictions'
  /** Why runs could not be run again. */
  readonly problems?: readonly string[] | undefined
  /** Above its title. */
  readonly facts: Child
  /** Below the panel. */
  readonly below?: Child
  /** More for the document's head. */
  readonly head?: Child
}

/** The page of a group: its panel beside what its runs have in common. */
function GroupDocument(props: GroupDocumentProps) {
  const { panel, shared, current, problems = [], facts, below, head } = props
  const { group, progress, from, may } = panel
  const paths = usePaths()
  const here = paths.group(group.id) + (from > 0 ? `?from=${from}` : '')
  const isLive = !isOver(group, progress)
  const refresh = isLive && <Refresh here={here} seconds={refreshSeconds} />
  return (
    <Layout title={groupTitle(group, progress)} current={current} head={[head, refresh]}>
      <GroupHead group={group} facts={facts} />
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
            {may.reuse && <FormLink group={group} run={shared?.prediction.id ?? null} />}
            {below}
            {isLive && <LookAgain here={here} seconds={refreshSeconds} />}
          </section>
          {(shared || isLive) && (
            <GroupShared shared={shared} may={may} once={isLive ? here : null} />
          )}
        </div>
      </div>
    </Layout>
  )
}

interface GroupSharedProps {
  readonly shared: SharedInputs | null
  readonly may: GroupPermissions
  /** The address of the page, which is asked once all have settled; null when they have. */
  readonly once: string | null
}

/** What the runs have in common: it is not known before one of them was made. */
export function GroupShared({ shared, may, once }: GroupSharedProps) {
  const asks = once !== null && shared === null
  const later = asks
    ? hx({ get: once, trigger: 'settled from:body', target: 'this', swap: 'outerHTML' })
    : {}
  return (
    <section class='inputs' id='shared' aria-label='Inputs' {...later}>
      {shared && <GroupInputs {...shared} mayReuse={may.reuse} />}
    </section>
  )
}

function GroupHead({ group, facts }: { readonly group: RunGroup; readonly facts: Child }) {
  const { title, models, axes } = group
  const inputs = axes.map(({ input }) => input).join(' × ')
  return (
    <header class='page-head'>
      <p class='facts'>{facts}</p>
      <h1>
        <Breakable text={title} />
      </h1>
      <div class='facts'>
        {models.map((model) => (
          <span>
            <ModelLink model={model} />
          </span>
        ))}
        {inputs !== '' && inputs !== title && <span class='mono'>{inputs}</span>}
      </div>
    </header>
  )
}
