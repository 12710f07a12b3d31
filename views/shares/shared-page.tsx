import type { RunGroup } from '../../src/domain/group/group.ts'
import { Moment } from '../format.tsx'
import { kindWords } from '../group/kinds.ts'
import { JudgementBox, type JudgementBoxProps } from '../judgement/judgement-box.tsx'
import { PredictionDocument } from '../pages/prediction-page.tsx'
import type { PredictionPanelProps } from '../panel/prediction-panel.tsx'
import { LinkMeta, type LinkMetaProps } from '../record/link-meta.tsx'
import { usePaths } from '../site.ts'

export interface SharedPageProps extends PredictionPanelProps {
  readonly refreshSeconds: number
  /** For previews of the link; null where it is shown as one of a shared group. */
  readonly link: LinkMetaProps | null
  /** What the viewer thinks of it; null where they may not judge it. */
  readonly judgement: JudgementBoxProps | null
  /** The shared group that it is of; null where it is shared alone. */
  readonly group: Pick<RunGroup, 'id' | 'kind'> | null
}

/** A prediction as visitors with a share link see it. */
export function SharedPage(props: SharedPageProps) {
  const { refreshSeconds, link, judgement, group, ...panel } = props
  const { createdAt } = panel.prediction
  const head = (
    <>
      <meta name='robots' content='noindex' />
      {link && <LinkMeta {...link} />}
    </>
  )
  return (
    <PredictionDocument
      panel={panel}
      refreshSeconds={refreshSeconds}
      facts={
        <>
          {group && <a href={usePaths().group(group.id)}>Its {kindWords[group.kind]}</a>}{' '}
          <span>
            Shared prediction, created <Moment at={createdAt} shows='day' />
          </span>
        </>
      }
      head={head}
      below={judgement && <JudgementBox {...judgement} />}
    />
  )
}
