import { Layout, Pit } from '../layout.tsx'
import { useSite } from '../site.ts'

export interface MessagePageProps {
  readonly title: string
  /** The next step, as a sentence. */
  readonly text: string
}

/** A page with one message: something is missing, or went wrong. */
export function MessagePage({ title, text }: MessagePageProps) {
  const { paths, guest } = useSite()
  return (
    <Layout title={title}>
      <header class='page-head'>
        <h1>{title}</h1>
      </header>
      <div class='empty'>
        <Pit />
        <p>{text}</p>
        {!guest && (
          <a class='button' href={paths.home()}>
            View all models
          </a>
        )}
      </div>
    </Layout>
  )
}

/** The requested model may be one that is still loading. */
export function StillReadingPage({ count, reloads }: { count: number; reloads: boolean }) {
  const rest = reloads
    ? 'This page reloads automatically.'
    : 'Nothing was run. Try again in a moment.'
  const which = count === 1 ? 'One model is' : `${count} models are`
  return (
    <MessagePage
      title='This model is still loading'
      text={`${which} still loading. This happens after model folders change. ${rest}`}
    />
  )
}

/** Replaces the panel of a deleted prediction. It makes no further requests. */
export function GonePanel() {
  return (
    <article class='prediction' id='prediction'>
      <div class='empty'>
        <Pit />
        <h2>Prediction not found</h2>
        <p>It may have been deleted, or the link may be incomplete.</p>
      </div>
    </article>
  )
}
