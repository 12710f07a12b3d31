import type { Child } from 'hono/jsx'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { Moment } from '../format.tsx'
import type { PanelPermissions } from '../panel/prediction-panel.tsx'
import { usePaths, useSite } from '../site.ts'

interface MadeWithProps {
  readonly prediction: Prediction
  readonly may: PanelPermissions
  /** The name of its creator; left out where viewers have no names. */
  readonly maker?: string | undefined
}

/** Where a prediction comes from: its version, what ran it, who asked for it and when. */
export function MadeWith({ prediction, may, maker }: MadeWithProps) {
  const paths = usePaths()
  const { providerLabels } = useSite()
  const { model, version, provider, startedAt, completedAt } = prediction
  const short = version.slice(0, 12)
  return (
    <>
      <h2>Made with</h2>
      <dl class='given'>
        <Row name='version'>
          <span class='mono' title={version}>
            {may.follow ? <a href={paths.modelVersion(model, version)}>{short}</a> : short}
          </span>
        </Row>
        {may.follow && (
          <>
            <Row name='ran on'>{providerLabels[provider] ?? provider}</Row>
            <Row name='source'>
              <Source prediction={prediction} />
            </Row>
            {maker !== undefined && <Row name='made by'>{maker}</Row>}
          </>
        )}
        {startedAt !== null && (
          <Row name='started'>
            <Moment at={startedAt} shows='both' />
          </Row>
        )}
        {completedAt !== null && (
          <Row name='ended'>
            <Moment at={completedAt} shows='both' />
          </Row>
        )}
      </dl>
    </>
  )
}

function Row({ name, children }: { name: string; children?: Child }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Source({ prediction: { source, parent } }: { prediction: Prediction }) {
  const paths = usePaths()
  if (parent !== null)
    return (
      <>
        Sub-run of <a href={paths.prediction(parent)}>another prediction</a>
      </>
    )
  return <>{source === 'api' ? 'The API' : 'A page'}</>
}
