import { isOver } from '../../src/domain/group/progress.ts'
import { GroupPanel, type GroupPanelProps } from '../group/group-panel.tsx'
import { ConnectionNote, LookAgain } from '../panel/prediction-panel.tsx'
import { usePaths } from '../site.ts'

/** Between two reloads of a page without scripts, in seconds. */
export const refreshSeconds = 3

/** What the models of a comparison made, or are making. */
export function ComparedRuns(panel: GroupPanelProps & { readonly refreshes: boolean }) {
  const { group, progress, refreshes } = panel
  const paths = usePaths()
  const here = paths.comparedGroup(group.id)
  const isLive = !isOver(group, progress)
  return (
    <section class='workbench' aria-labelledby='results'>
      <header class='section-head'>
        <h2 id='results'>Results</h2>
        <a href={paths.group(group.id)}>Its own page</a>
      </header>
      {isLive && <ConnectionNote here={here} />}
      <GroupPanel {...panel} />
      {isLive && refreshes && <LookAgain here={here} seconds={refreshSeconds} />}
    </section>
  )
}
