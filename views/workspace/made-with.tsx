import type { Child } from 'hono/jsx'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { Moment } from '../format.tsx'
import type { PanelPermissions } from '../panel/prediction-panel.tsx'
import { usePaths, useSite } from '../site.ts'

interface MadeWithProps {
  readonly prediction: Prediction
  readonly may: PanelPermissions
  /** Left out where viewers have no names. */
  readonly maker?: Maker | undefined
}

/** Who made a prediction. */
export interface Maker {
  /** `you`, or a name. */
  readonly name: string
  /** In the filter of the list of predictions. */
  readonly who: string
  /** The group for whose account it was made; null for their own. */
  readonly group: string | null
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
            <Row name='record'>
              <a href={paths.recordPage(prediction.id)}>Run it again, and cite it</a>
            </Row>
            {maker !== undefined && (
              <Row name='made by'>
                <a href={`${paths.predictions()}?${new URLSearchParams({ who: maker.who })}`}>
                  {maker.name}
                </a>
                {maker.group !== null && `, for ${maker.group}`}
              </Row>
            )}
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
