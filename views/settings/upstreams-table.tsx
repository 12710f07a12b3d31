import type { Child } from 'hono/jsx'
import { type ModelRef, modelName } from '../../src/domain/model-ref.ts'
import { Moment } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'

/** A server that models run at. */
export interface UpstreamLine {
  /** Of its provider, as people know it. */
  readonly label: string
  readonly address: string
  /** What it is: `vLLM`. */
  readonly title: string
  readonly models: readonly ModelRef[]
  readonly kind: 'works' | 'starting' | 'off' | 'trouble'
  /** How it is, and what to do. */
  readonly sentence: string
  readonly takesKey: boolean
  /** Null when none was given here. */
  readonly kept: KeptKey | null
  /** Whether an empty key was sent for it. */
  readonly isUnkeyed: boolean
}

/** Who gave a key, and when, in milliseconds since 1970. */
export interface KeptKey {
  readonly by: string
  readonly at: number
}

const states: Readonly<Record<UpstreamLine['kind'], Child>> = {
  works: (
    <span class='warmth' data-state='warm'>
      Ready
    </span>
  ),
  starting: (
    <span class='warmth' data-state='booting'>
      Starting
    </span>
  ),
  off: (
    <span class='warmth' data-state='cold'>
      Not known
    </span>
  ),
  trouble: (
    <span class='status' data-status='failed'>
      Problem
    </span>
  ),
}

const columns = ['Server', 'State', 'Models', 'Key']

export function UpstreamsTable({ lines }: { readonly lines: readonly UpstreamLine[] }) {
  return (
    <ScrollTable label='Servers, table' columns={columns}>
      {lines.map((line) => (
        <tr>
          <td>
            <span class='mono'>{line.address}</span>
            <p class='field-note'>{line.title}</p>
          </td>
          <td>
            {states[line.kind]}
            <p class='field-note'>{line.sentence}</p>
          </td>
          <td>
            <ModelLinks models={line.models} />
          </td>
          <td>
            {line.takesKey ? <KeyForm {...line} /> : <span class='field-note'>takes none</span>}
          </td>
        </tr>
      ))}
    </ScrollTable>
  )
}

const mostModels = 20

function ModelLinks({ models }: Pick<UpstreamLine, 'models'>) {
  const paths = usePaths()
  const more = models.length - mostModels
  return (
    <>
      {models.slice(0, mostModels).map((model) => (
        <p>
          <a href={paths.model(model)}>{modelName(model)}</a>
        </p>
      ))}
      {more > 0 && <p class='field-note'>and {more} more</p>}
    </>
  )
}

/** Sets, replaces or removes the key of a server. */
function KeyForm({ address, kept, isUnkeyed }: UpstreamLine) {
  return (
    <>
      <p class='field-note'>
        {kept ? (
          <>
            Given {byWhom(kept)}, <Moment at={kept.at} shows='day' />
          </>
        ) : (
          'None given here'
        )}
      </p>
      <form class='actions' method='post' action={usePaths().upstreams()}>
        <input type='hidden' name='address' value={address} />
        <input
          type='password'
          name='key'
          autocomplete='off'
          required
          aria-label={`Key for ${address}`}
          aria-invalid={isUnkeyed ? 'true' : undefined}
        />
        <button class='button' type='submit'>
          {kept ? 'Replace' : 'Set'}
        </button>
      </form>
      {isUnkeyed && <p class='field-error'>Enter a key. Remove takes the present one away.</p>}
      {kept && <RemoveKey address={address} />}
    </>
  )
}

/** Nobody is known by name where no one signs in. */
export function byWhom({ by }: Pick<KeptKey, 'by'>): string {
  return by === '' ? 'on the server itself' : `by ${by}`
}

export function RemoveKey({ address }: { readonly address: string }) {
  return (
    <form method='post' action={usePaths().upstreamKeyRemoval()}>
      <input type='hidden' name='address' value={address} />
      <button class='button bare' type='submit' aria-label={`Remove the key for ${address}`}>
        Remove
      </button>
    </form>
  )
}
