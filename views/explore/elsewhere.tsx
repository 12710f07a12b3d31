import type { UpstreamSearch } from '../../src/domain/model/upstream-search.ts'
import { ModelName, plural } from '../format.tsx'
import { hx } from '../hx.ts'
import { Layout } from '../layout.tsx'
import { usePaths } from '../site.ts'

/** The section about models of a service, before it was asked: htmx asks at once, and a link does. */
export function ElsewhereLater({ label, q }: { label: string; q: string }) {
  const href = usePaths().searchElsewhere(q)
  return (
    <section
      class='models'
      aria-labelledby='elsewhere'
      {...hx({ get: href, trigger: 'load', swap: 'outerHTML', target: 'this' })}
    >
      <header class='section-head'>
        <h2 id='elsewhere'>At {label}</h2>
        <a href={href}>Search {label} too</a>
      </header>
    </section>
  )
}

/** Models of a service that a search found there. They open at their names. */
export function Elsewhere({ service, models, trouble }: UpstreamSearch) {
  const paths = usePaths()
  return (
    <section class='models' aria-labelledby='elsewhere'>
      <header class='section-head'>
        <h2 id='elsewhere'>At {service}</h2>
      </header>
      {trouble !== null && <p class='hint'>{trouble}</p>}
      {trouble === null && models.length === 0 && <p class='hint'>No model matches there.</p>}
      <div class='models-grid'>
        {models.map(({ ref, description, runs }) => (
          <article class='model-card'>
            <h3>
              <a href={paths.model(ref)}>
                <ModelName model={ref} />
              </a>
            </h3>
            <p>{description}</p>
            {runs !== null && (
              <div class='facts'>
                <span>{plural(runs, 'run')}</span>
              </div>
            )}
          </article>
        ))}
      </div>
    </section>
  )
}

/** The same as a page of its own, for browsers without scripts. */
export function ElsewherePage({ q, ...found }: UpstreamSearch & { readonly q: string }) {
  const paths = usePaths()
  return (
    <Layout title={`${q} at ${found.service}`} current='explore'>
      <header class='page-head'>
        <h1>{`Models at ${found.service} for “${q}”`}</h1>
        <p>
          <a href={`${paths.home()}?${new URLSearchParams({ q })}`}>Results on this server</a>
        </p>
      </header>
      <Elsewhere {...found} />
    </Layout>
  )
}
