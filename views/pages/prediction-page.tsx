import type { Child } from 'hono/jsx'
import type { RunGroup } from '../../src/domain/group/group.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { Moment } from '../format.tsx'
import { kindWords } from '../group/kinds.ts'
import { JudgementBox, type JudgementBoxProps } from '../judgement/judgement-box.tsx'
import { Layout } from '../layout.tsx'
import { ModelLink } from '../model/model-link.tsx'
import { PrivateTag } from '../model/private-tag.tsx'
import { DeliveryLog, type DeliveryLogProps } from '../panel/delivery-log.tsx'
import { InputList } from '../panel/input-list.tsx'
import {
  LookAgain,
  type PredictionPanelProps,
  Refresh,
  stateMark,
  WatchedPanel,
} from '../panel/prediction-panel.tsx'
import { ShareBox, type ShareBoxProps } from '../panel/share-box.tsx'
import { ViewerActions, type ViewerActionsProps } from '../panel/viewer-actions.tsx'
import { LinkMeta, type LinkMetaProps } from '../record/link-meta.tsx'
import { usePaths } from '../site.ts'
import { MadeWith, type Maker } from '../workspace/made-with.tsx'

export interface PredictionPageProps extends PredictionPanelProps {
  /** Seconds after which a browser without scripts asks again. */
  readonly refreshSeconds: number
  /** The share links; null when there are none, or the viewer may not share it. */
  readonly share: ShareBoxProps | null
  /** The deliveries to its webhook; null when it has none. */
  readonly deliveries: DeliveryLogProps | null
  readonly actions: ViewerActionsProps
  /** What people think of it; null where nobody judges, and until it has settled. */
  readonly judgement: JudgementBoxProps | null
  /** Who made it; left out where viewers have no names. */
  readonly maker?: Maker | undefined
  /** The group of runs that it is of; null for none, and where the viewer may not see it. */
  readonly group: Pick<RunGroup, 'id' | 'kind'> | null
  /** For previews of its link; null where it does not open for everyone. */
  readonly link: LinkMetaProps | null
}

/** The permanent page of a prediction. */
export function PredictionPage(props: PredictionPageProps) {
  const { refreshSeconds, share, deliveries, actions, maker, group, judgement, link, ...panel } =
    props
  const paths = usePaths()
  const { createdAt, visibility } = panel.prediction
  const facts = (
    <>
      <a href={paths.predictions()}>Predictions</a>{' '}
      {group && <a href={paths.group(group.id)}>Its {kindWords[group.kind]}</a>}{' '}
      <Moment at={createdAt} shows='both' /> <PrivateTag visibility={visibility} />
    </>
  )
  return (
    <PredictionDocument
      panel={panel}
      maker={maker}
      refreshSeconds={refreshSeconds}
      facts={facts}
      head={link && <LinkMeta {...link} />}
      below={
        <>
          <ViewerActions {...actions} />
          {judgement && <JudgementBox {...judgement} />}
          {share && <ShareBox {...share} />}
          {deliveries && <DeliveryLog {...deliveries} />}
        </>
      }
    />
  )
}

export interface PredictionDocumentProps {
  readonly panel: PredictionPanelProps
  /** Seconds after which a browser without scripts asks again. */
  readonly refreshSeconds: number
  /** Who made it; left out where viewers have no names, and on shared pages. */
  readonly maker?: Maker | undefined
  /** Above the model's name. */
  readonly facts: Child
  /** Below the panel. */
  readonly below?: Child
  /** More for the document's head. */
  readonly head?: Child
}

/** The page of a prediction: its panel beside its inputs. */
export function PredictionDocument(props: PredictionDocumentProps) {
  const { panel, refreshSeconds, facts, below, head } = props
  const { prediction } = panel
  const paths = usePaths()
  const here = paths.prediction(prediction.id)
  const running = !isSettled(prediction)
  const refresh = running && <Refresh here={here} seconds={refreshSeconds} />
  const title = `${stateMark(prediction)} ${modelName(prediction.model)}`
  return (
    <Layout title={title} head={[head, refresh]}>
      <header class='page-head'>
        <p class='facts'>{facts}</p>
        <h1 class='model-name'>
          <ModelLink model={prediction.model} />
        </h1>
      </header>
      <div class='workbench'>
        <div class='bench'>
          <section class='result' id='result' aria-label='Output'>
            <WatchedPanel {...panel} here={here} />
            {below}
            {running && <LookAgain here={here} seconds={refreshSeconds} />}
          </section>
          <MadeFrom {...panel} maker={props.maker} />
        </div>
      </div>
    </Layout>
  )
}

/** The inputs, and where the prediction comes from. */
function MadeFrom({
  maker,
  ...panel
}: PredictionPanelProps & Pick<PredictionDocumentProps, 'maker'>) {
  const paths = usePaths()
  const { prediction, schema, may } = panel
  return (
    <section class='inputs' aria-labelledby='given'>
      <header class='pane-head'>
        <h2 id='given'>Input</h2>
        {may.tweak && (
          <a class='button bare' href={paths.workspace(prediction.model, prediction.id)}>
            Open in the workspace
          </a>
        )}
      </header>
      <div class='stack'>
        <InputList
          isRemoved={prediction.dataRemovedAt !== null}
          prediction={prediction.id}
          input={prediction.input}
          schema={schema}
          files={prediction.files}
        />
        <MadeWith {...{ prediction, may, maker }} />
      </div>
    </section>
  )
}
