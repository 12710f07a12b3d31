import type { RunGroup } from '../../src/domain/group/group.ts'
import type { GroupProgress } from '../../src/domain/group/progress.ts'
import { Export } from '../history/tools.tsx'
import { usePaths } from '../site.ts'
import { AgainButton } from './run-buttons.tsx'

interface GroupActionsProps {
  readonly group: RunGroup
  readonly mayChange: boolean
  readonly progress: GroupProgress
  /** Whether a run made a file. */
  readonly hasFiles: boolean
}

/** What can be done with a group as a whole. */
export function GroupActions({ group, mayChange, progress, hasFiles }: GroupActionsProps) {
  const { id, title, stopped } = group
  const paths = usePaths()
  return (
    <div class='actions'>
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
      <a class='button' href={paths.groupJudgement(id)}>
        Which is better?
      </a>
      {mayChange && progress.again > 0 && (
        <AgainButton count={progress.again} withRest={stopped !== null && progress.planned > 0} />
      )}
      {mayChange && <Rename id={id} title={title} />}
      {mayChange && (
        <a class='button bare' href={paths.groupDeletion(id)}>
          Delete
        </a>
      )}
    </div>
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
