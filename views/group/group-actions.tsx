import type { RunGroup } from '../../src/domain/group/group.ts'
import type { GroupProgress } from '../../src/domain/group/progress.ts'
import { Export } from '../history/tools.tsx'
import { usePaths } from '../site.ts'
import type { GroupPermissions } from './group-panel.tsx'
import { AgainButton, CompareButton } from './run-buttons.tsx'

interface GroupActionsProps {
  readonly group: RunGroup
  readonly may: GroupPermissions
  readonly progress: GroupProgress
  /** Whether its runs are offered to be compared. */
  readonly comparesRuns: boolean
  /** Whether a run made a file. */
  readonly hasFiles: boolean
}

/** What can be done with a group as a whole. */
export function GroupActions({ group, may, progress, comparesRuns, hasFiles }: GroupActionsProps) {
  const { id, title, stopped } = group
  const paths = usePaths()
  return (
    <div class='actions'>
      {may.share && (
        <a class='button' href={paths.shares({ kind: 'group', id })} data-opens>
          Share
        </a>
      )}
      {may.export && <Exports id={id} hasFiles={hasFiles} />}
      {may.export && (
        <a class='button' href={paths.groupJudgement(id)}>
          Which is better?
        </a>
      )}
      {comparesRuns && <CompareButton />}
      {may.change && progress.again > 0 && (
        <AgainButton count={progress.again} withRest={stopped !== null && progress.planned > 0} />
      )}
      {may.change && <Rename id={id} title={title} />}
      {may.change && (
        <a class='button bare' href={paths.groupDeletion(id)}>
          Delete
        </a>
      )}
    </div>
  )
}

function Exports({ id, hasFiles }: { readonly id: string; readonly hasFiles: boolean }) {
  const paths = usePaths()
  return (
    <details class='menu'>
      <summary class='button'>Export</summary>
      <ul>
        {hasFiles && (
          <li>
            <form action={paths.groupFiles(id)}>
              <button type='submit'>Zip of its files</button>
            </form>
          </li>
        )}
        <Export action={paths.groupCsv(id)} name='CSV' />
        <Export action={paths.groupJsonl(id)} name='JSONL' />
      </ul>
    </details>
  )
}

function Rename({ id, title }: Pick<RunGroup, 'id' | 'title'>) {
  return (
    <details class='menu'>
      <summary class='button bare'>Rename</summary>
      <form class='with-button' method='post' action={usePaths().groupTitle(id)}>
        <input name='title' value={title} maxlength={200} required aria-label='Title' />
        <button class='button' type='submit'>
          Save
        </button>
      </form>
    </details>
  )
}
