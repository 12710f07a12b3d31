import { raw } from 'hono/html'
import { headOf } from '../../src/domain/json/excerpt.ts'
import { questionIn, type Turn, turnsBefore } from '../../src/domain/model/chat/conversation.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import { ModelName, plural } from '../format.tsx'
import { markdownHtml } from '../markdown.tsx'

/** The most of a conversation on a page: messages, and bytes of each. Older ones are in the input. */
const most = { turns: 24, bytes: 4 * 1024 }

interface ThreadProps {
  readonly prediction: Prediction
  readonly schema: ModelSchema
}

/** Whether a prediction goes on from an earlier answer. */
export function hasThread({ prediction, schema }: ThreadProps): boolean {
  return turnsBefore(schema, prediction.input).length > 0
}

/** The conversation before an answer, and its question; nothing for a run that begins one. */
export function Thread({ prediction, schema }: ThreadProps) {
  const before = turnsBefore(schema, prediction.input)
  if (before.length === 0) return null
  const question = questionIn(schema, prediction.input)
  const shown = before.slice(-most.turns)
  const omitted = before.length - shown.length
  const all = question && question.text !== '' ? [...shown, question] : shown
  return (
    <>
      <header class='pane-head'>
        <h2>Conversation</h2>
        <span class='field-note'>{plural(before.length, 'message')} before this answer</span>
      </header>
      <div class='fields'>
        {omitted > 0 && (
          <p class='field-note'>{plural(omitted, 'older message')} are not shown here.</p>
        )}
        {all.map((turn) => (
          <TurnRow turn={turn} model={prediction.model} />
        ))}
      </div>
    </>
  )
}

interface TurnRowProps extends Pick<Prediction, 'model'> {
  readonly turn: Turn
}

function TurnRow({ turn: { role, text, attachments }, model }: TurnRowProps) {
  const shown = headOf(text, most.bytes)
  return (
    <div class='field'>
      <div class='field-head'>
        <h3 class='field-name'>
          {role === 'assistant' ? <ModelName model={model} /> : role === 'user' ? 'You' : role}
        </h3>
        {attachments > 0 && <small>with {plural(attachments, 'file')}</small>}
      </div>
      <div class='field-body'>
        {role === 'assistant' ? <Answer text={shown} /> : <p class='text'>{shown}</p>}
        {shown.length < text.length && <p class='field-note'>The rest is not shown here.</p>}
      </div>
    </div>
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
