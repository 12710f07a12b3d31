import { raw } from 'hono/html'
import { headOf } from '../../src/domain/json/excerpt.ts'
import {
  countBefore,
  questionFields,
  questionIn,
  type Turn,
  turnsBefore,
} from '../../src/domain/model/chat/conversation.ts'
import { tookMs } from '../../src/domain/prediction/durations.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import { formatMs, ModelName, plural } from '../format.tsx'
import { markdownHtml } from '../markdown.tsx'
import { usePaths } from '../site.ts'

/** The most messages of a conversation on a page, the newest. Older ones are in the input. */
export const mostTurns = 24
/** The most bytes of each. */
const mostBytes = 4 * 1024

interface ConversationProps {
  readonly prediction: Prediction
  readonly schema: ModelSchema
}

/** An earlier turn of a conversation that has a page which the viewer may see. */
export interface EarlierTurn {
  readonly prediction: Prediction
  /** The places of its question and its answer among the messages, from 0. */
  readonly questionAt: number
  readonly answerAt: number
}

interface ThreadProps extends ConversationProps {
  readonly earlier: readonly EarlierTurn[]
}

/** Whether a prediction goes on from an earlier answer. */
export function hasThread({ prediction, schema }: ConversationProps): boolean {
  return countBefore(schema, prediction.input) > 0
}

/** The conversation before an answer, and its question; nothing for a run that begins one. */
export function Thread({ prediction, schema, earlier }: ThreadProps) {
  const paths = usePaths()
  const count = countBefore(schema, prediction.input)
  if (count === 0) return null
  const shown = turnsBefore(schema, prediction.input, mostTurns)
  const omitted = count - shown.length
  const question = questionIn(schema, prediction.input)
  const turnAt = (at: number) =>
    earlier.find(({ questionAt, answerAt }) => questionAt === at || answerAt === at)
  return (
    <>
      <header class='pane-head'>
        <h2>Conversation</h2>
        <span class='field-note'>{plural(count, 'message')} before this answer</span>
        <a class='button bare' href={`${paths.model(prediction.model)}?blank`}>
          New
        </a>
      </header>
      <div class='fields'>
        {omitted > 0 && (
          <p class='field-note'>{plural(omitted, 'older message')} are not shown here.</p>
        )}
        {shown.map((turn, index) => (
          <TurnRow
            turn={turn}
            made={turnAt(omitted + index)?.prediction ?? null}
            {...{ prediction, schema }}
          />
        ))}
        {question && question.text !== '' && (
          <TurnRow turn={question} made={prediction} {...{ prediction, schema }} />
        )}
      </div>
    </>
  )
}

interface TurnRowProps extends ConversationProps {
  readonly turn: Turn
  /** The prediction that it is part of; null when it has none that the viewer may see. */
  readonly made: Prediction | null
}

function TurnRow({ turn: { role, text, attachments }, made, prediction, schema }: TurnRowProps) {
  const shown = headOf(text, mostBytes)
  const isAnswer = role === 'assistant'
  return (
    <div class='field'>
      <div class='field-head'>
        <h3 class='field-name'>
          {isAnswer ? <ModelName model={prediction.model} /> : role === 'user' ? 'You' : role}
        </h3>
        {attachments > 0 && <small>with {plural(attachments, 'file')}</small>}
        {made && <TurnLink {...{ made, isAnswer, schema }} />}
      </div>
      <div class='field-body'>
        {isAnswer ? <Answer text={shown} /> : <p class='text'>{shown}</p>}
        {shown.length < text.length && <p class='field-note'>The rest is not shown here.</p>}
      </div>
    </div>
  )
}

interface TurnLinkProps extends Pick<TurnRowProps, 'schema'> {
  readonly made: Prediction
  readonly isAnswer: boolean
}

/** From an answer to its record; from a question to its form, to ask another one in its place. */
function TurnLink({ made, isAnswer, schema }: TurnLinkProps) {
  const paths = usePaths()
  const took = tookMs(made)
  if (isAnswer)
    return (
      <small>
        <a href={paths.prediction(made.id)}>{took === null ? 'Its record' : formatMs(took)}</a>
      </small>
    )
  const prompt = questionFields(schema)?.prompt.name
  return (
    <small>
      <a href={`${paths.workspace(made.model, made.id)}#input-${prompt}`}>Edit</a>
    </small>
  )
}

function Answer({ text }: { readonly text: string }) {
  const html = markdownHtml(text, { below: 3 })
  return html === null ? (
    <p class='text'>{text}</p>
  ) : (
    <div class='markdown' dir='auto'>
      {raw(html)}
    </div>
  )
}
