import type { StoredFile } from '../../src/domain/file/file.ts'
import type { RunGroup } from '../../src/domain/group/group.ts'
import { type GroupProgress, groupStatus } from '../../src/domain/group/progress.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { capitalized, Moment, plural } from '../format.tsx'
import { kindWords } from '../group/kinds.ts'
import { PrivateTag } from '../model/private-tag.tsx'
import { usePaths } from '../site.ts'

/** A group of runs in a list. */
export interface ListedGroup {
  /** With the models that the viewer may see. */
  readonly group: RunGroup
  readonly progress: GroupProgress
  /** The first pictures that its runs made. */
  readonly pictures: readonly StoredFile[]
}

/** The most pictures of a group in a list. */
export const mostPictures = 4

/** A group of runs as one row: its pictures, its title, what it is of, and how many runs have ended. */
export function GroupRow({ listed }: { listed: ListedGroup }) {
  const { group } = listed
  const { id, createdAt, visibility } = group
  return (
    <li>
      <GroupPick group={group} /> <GroupThumb listed={listed} />{' '}
      <a href={usePaths().group(id)}>{groupName(group)}</a> <Moment at={createdAt} shows='time' />{' '}
      <p dir='auto'>
        <PrivateTag visibility={visibility} /> {describe(group)}
      </p>{' '}
      <GroupStatus listed={listed} /> <span class='took' />
    </li>
  )
}

/** The checkbox that selects a group in a list, for all of its runs. */
export function GroupPick({ group }: Pick<ListedGroup, 'group'>) {
  const label = `Select ${groupName(group)}, ${plural(group.size, 'run')}`
  return (
    <span class='pick'>
      <label class='check'>
        <input type='checkbox' name='id' value={group.id} aria-label={label} />
      </label>
    </span>
  )
}

/** `Sweep: light and ink`. */
export function groupName({ kind, title }: RunGroup): string {
  return `${capitalized(kindWords[kind])}: ${title}`
}

/** How many of its runs have ended. */
export function GroupStatus({ listed: { group, progress } }: { listed: ListedGroup }) {
  return (
    <span class='status' data-status={groupStatus(group, progress)}>
      {progress.done} of {progress.all}
    </span>
  )
}

function GroupThumb({ listed: { pictures } }: { listed: ListedGroup }) {
  const paths = usePaths()
  if (pictures.length === 0) return <span class='thumb'>▦</span>
  return (
    <span class={pictures.length > 1 ? 'thumb many' : 'thumb'}>
      {pictures.map((picture) => (
        <img src={paths.file(picture)} alt='' width='96' height='96' loading='lazy' />
      ))}
    </span>
  )
}

/** `kestrel/paper-lantern, guidance × medium, 12 runs`. */
function describe({ title, models, axes, size }: RunGroup): string {
  const inputs = axes.map(({ input }) => input).join(' × ')
  const parts = [...models.map(modelName), inputs, plural(size, 'run')]
  return parts.filter((part) => part !== '' && part !== title).join(', ')
}
