import { isLoopback } from '../../src/domain/loopback.ts'
import type { Share } from '../../src/domain/share.ts'
import { usePaths } from '../site.ts'

export interface ShareBoxProps {
  readonly shares: readonly Share[]
  /** Our scheme and host. */
  readonly origin: string
}

/** The share links of a prediction, for viewers who may share it. */
export function ShareBox({ shares, origin }: ShareBoxProps) {
  const paths = usePaths()
  return (
    <section class='stack' id='share' aria-labelledby='share-name'>
      <h2 id='share-name'>Shared</h2>
      {shares.map(({ token, prediction }) => (
        <div class='shared'>
          <div class='with-button'>
            <input
              class='mono'
              id={`link-${token}`}
              readonly
              value={origin + paths.share(token)}
              aria-label='Link to share'
            />
            <button class='button' type='button' data-copies={`link-${token}`}>
              Copy
            </button>
          </div>
          <form method='post' action={paths.shareRevocation(prediction, token)}>
            <button class='button bare' type='submit'>
              Revoke
            </button>
          </form>
        </div>
      ))}
      <p class='field-note'>
        {isOnlyHere(origin)
          ? 'Only this computer can open this link. To share it with others, ask the operator to set SANDPIT_URL to an address that they can reach.'
          : 'Anyone with the link can view this prediction without signing in.'}
      </p>
    </section>
  )
}

/** Whether only this computer can open a URL. */
export function isOnlyHere(origin: string): boolean {
  return isLoopback(URL.parse(origin)?.hostname ?? '')
}
