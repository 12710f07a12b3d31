import type { Webhook } from '../../src/domain/prediction/webhook.ts'
import type { Delivery, DeliveryState } from '../../src/domain/webhook/delivery.ts'
import { Moment } from '../format.tsx'

export interface DeliveryLogProps {
  readonly webhook: Webhook
  /** In the order in which they are sent. */
  readonly deliveries: readonly Delivery[]
}

const words: Readonly<Record<DeliveryState, string>> = {
  waiting: 'Waiting for the previous delivery',
  pending: 'Pending',
  delivered: 'Delivered',
  'given up': 'Failed',
}

/** The webhook of a prediction and its deliveries. */
export function DeliveryLog({ webhook, deliveries }: DeliveryLogProps) {
  return (
    <section class='stack' id='webhook' aria-labelledby='webhook-name'>
      <h2 id='webhook-name'>Webhook</h2>
      <p class='mono'>{webhook.url}</p>
      {deliveries.length > 0 && (
        <dl class='given'>
          {deliveries.map((delivery) => (
            <DeliveryLine {...delivery} />
          ))}
        </dl>
      )}
      <p class='field-note'>{noteOf(webhook)}</p>
    </section>
  )
}

function DeliveryLine({ event, createdAt, state, tries, answer, nextAt }: Delivery) {
  return (
    <div>
      <dt>{event}</dt>
      <dd class='facts'>
        <Moment at={createdAt} shows='time' />
        <span>{words[state]}</span>
        {tries > 0 && <span>{tries === 1 ? '1 attempt' : `${tries} attempts`}</span>}
        {answer !== null && <span>Last response: {answer}</span>}
        {nextAt !== null && (
          <span>
            Next attempt: <Moment at={nextAt} shows='both' />
          </span>
        )}
      </dd>
    </div>
  )
}

/** The events, and which of them are not in the list. */
function noteOf({ events }: Webhook): string {
  const wordList = new Intl.ListFormat('en-GB')
  const passing = events.filter((event) => event === 'output' || event === 'logs')
  const told = `Events: ${wordList.format(events)}.`
  return passing.length === 0
    ? told
    : `${told} Deliveries of ${wordList.format(passing)} are sent once and are not listed.`
}
