import type { RunGroup } from '../../src/domain/group/group.ts'
import type { GroupProgress } from '../../src/domain/group/progress.ts'
import { plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { usePaths } from '../site.ts'

interface GroupDeletionPageProps {
  readonly group: RunGroup
  readonly progress: GroupProgress
}

/** Asks before a group of runs is deleted. */
export function GroupDeletionPage({ group: { id, title }, progress }: GroupDeletionPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Delete a group of runs'>
      <header class='page-head'>
        <h1>Delete {title}?</h1>
        <p class='lede'>
          Its {plural(progress.all, 'run')} will be deleted for everyone, with their pages, inputs,
          outputs, logs, files and share links; those that have not ended are canceled. This cannot
          be undone. It goes on when the server restarts.
        </p>
        <form class='actions' method='post' action={paths.groupDeletion(id)}>
          <button class='button' type='submit'>
            Delete all
          </button>
          <a class='button bare' href={paths.group(id)}>
            Keep all
          </a>
        </form>
      </header>
    </Layout>
  )
}
