import { isLoopback } from '../../src/domain/loopback.ts'
import type { Share } from '../../src/domain/people/share.ts'
import { Moment, plural } from '../format.tsx'
import { usePaths } from '../site.ts'

/** A share link, and its URL; null when nothing can show that again. */
export interface LinkLine {
  readonly share: Share
  readonly url: string | null
}

export interface LinkListProps {
  readonly links: readonly LinkLine[]
  /** Our scheme and host. */
  readonly origin: string
}

/** The share links of one prediction or group, with what each allows. */
export function LinkList({ links, origin }: LinkListProps) {
  const paths = usePaths()
  const [first] = links
  return (
    <>
      {links.map((line, index) => (
        <>
          <div class='shared'>
            <LinkUrl {...line} number={index + 1} />
            <form method='post' action={paths.shareRevocation(line.share.of, line.share.id)}>
              <button class='button bare' type='submit' aria-label={`End link ${index + 1}`}>
                End
              </button>
            </form>
          </div>
          <p class='field-note'>
            <ShareFacts share={line.share} />
          </p>
        </>
      ))}
      {isOnlyHere(origin) && (
        <p class='field-note'>
          Only this computer can open {links.length === 1 ? 'this link' : 'these links'}. To share
          with others, ask the operator to set SANDPIT_URL to an address that they can reach.
        </p>
      )}
      {first && links.length > 1 && (
        <form class='actions' method='post' action={paths.sharesRevocation(first.share.of)}>
          <button class='button' type='submit'>
            End all links
          </button>
        </form>
      )}
    </>
  )
}

function LinkUrl({ share, url, number }: LinkLine & { readonly number: number }) {
  if (url === null)
    return (
      <p>
        Link {number} was made before this server stopped keeping links. It works, but cannot be
        shown again.
      </p>
    )
  const id = `link-${share.id}`
  return (
    <div class='with-button'>
      <input class='mono' id={id} readonly value={url} aria-label={`Link ${number} to share`} />
      <button class='button' type='button' data-copies={id}>
        Copy
      </button>
    </div>
  )
}

/** `Anyone, until 20 March 2026. Opened 14 times, last on 18 March 2026 at 08:12.` */
export function ShareFacts({ share }: { readonly share: Share }) {
  const { opens, openedAt, scope } = share
  return (
    <>
      {whoOpens(share)}
      {scope === 'run' && ', to see and run'}, <Until share={share} />.{' '}
      {openedAt === null ? (
        'Not opened yet.'
      ) : (
        <>
          Opened {opens === 1 ? 'once' : plural(opens, 'time')}, last on{' '}
          <Moment at={openedAt} shows='both' />.
        </>
      )}
    </>
  )
}

/** `until 20 March 2026`, `without an end`. */
export function Until({ share: { expiresAt } }: { readonly share: Pick<Share, 'expiresAt'> }) {
  if (expiresAt === null) return 'without an end'
  return (
    <>
      until <Moment at={expiresAt} shows='day' />
    </>
  )
}

/** `Anyone`, `Signed in`, `freja, mai`. */
export function whoOpens({ audience, people }: Pick<Share, 'audience' | 'people'>): string {
  if (audience === 'people') return people.map(({ name }) => name).join(', ')
  return audience === 'anyone' ? 'Anyone with the link' : 'Anyone who is signed in'
}

/** Whether only this computer can open a URL. */
export function isOnlyHere(origin: string): boolean {
  return isLoopback(URL.parse(origin)?.hostname ?? '')
}
