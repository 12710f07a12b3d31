import type { PropsWithChildren } from 'hono/jsx'
import { plural } from '../format.tsx'
import { hx } from '../hx.ts'

interface FoundProps {
  /** The number of models that are still loading, and so not in the list. */
  readonly reading: number
  /** The address of the page. */
  readonly again: string
}

/** A list of models, which reloads until all of them are in it. The page has a `#heading`, too. */
export function Found({ reading, again, children }: PropsWithChildren<FoundProps>) {
  if (reading === 0) return <div id='found'>{children}</div>
  const reload = hx({
    get: again,
    trigger: 'load delay:1s',
    select: '#found',
    'select-oob': '#heading',
    target: '#found',
    swap: 'outerHTML',
  })
  return (
    <div id='found' {...reload}>
      <p class='hint' role='status'>
        {plural(reading, 'more model')} {reading === 1 ? 'is' : 'are'} still loading and will appear
        here.
      </p>
      {children}
    </div>
  )
}
