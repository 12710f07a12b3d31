import type { Child } from 'hono/jsx'
import { type ModelRef, modelName } from '../../src/domain/model-ref.ts'
import { usePaths, useSite } from '../site.ts'

interface EmbedPageProps {
  readonly model: ModelRef
  /** The form; nothing where the result stands alone. */
  readonly form?: Child
  /** The result; nothing before the first run. */
  readonly result?: Child
}

/** A model in a frame: its form, its result, and where it comes from. */
export function EmbedPage({ model, form, result }: EmbedPageProps) {
  const { host } = useSite()
  return (
    <>
      <h1 class='visually-hidden'>{modelName(model)}</h1>
      <div class='workbench'>
        <div class={form ? 'bench' : undefined}>
          {form}
          <section id='result' aria-label='Result'>
            {result}
          </section>
        </div>
      </div>
      <footer class='facts'>
        <a href={usePaths().model(model)} target='_blank' rel='noopener'>
          {model.name}
        </a>{' '}
        <span>at {host}</span>
      </footer>
    </>
  )
}
