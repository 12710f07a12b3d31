import { plural } from '../format.tsx'
import type { ShownUpstream } from './shown-upstream.ts'

type UpstreamHeadProps = Pick<ShownUpstream, 'title' | 'address' | 'facts' | 'total'>

/** What answers at an address, and how many models it has. */
export function UpstreamHead({ title, address, facts, total }: UpstreamHeadProps) {
  return (
    <>
      <header class='section-head'>
        <h2 id='found'>
          {title} with {plural(total, 'model')}
        </h2>
        {address !== null && <p class='mono'>{address}</p>}
      </header>
      {facts.length > 0 && (
        <div class='facts'>
          {facts.map((fact) => (
            <span>{fact}</span>
          ))}
        </div>
      )}
    </>
  )
}
