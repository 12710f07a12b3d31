import type { Delivery, DeliveryState } from '../src/domain/delivery.ts'
import type { Webhook } from '../src/domain/webhook.ts'
import { formatDay, formatTime } from './format.ts'

export interface DeliveryLogProps {
  readonly webhook: Webhook
  /** In the order in which they are told. */
  readonly deliveries: readonly Delivery[]
}

const words: Readonly<Record<DeliveryState, string>> = {
  waiting: 'Waits for the one before',
  pending: 'To be sent',
  delivered: 'Arrived',
  'given up': 'Given up',
}

/** What a prediction's webhook was told, and what it is still to be told: for whoever asked for it. */
export function DeliveryLog({ webhook, deliveries }: DeliveryLogProps) {
  return (
    <section class='stack' id='webhook' aria-labelledby='webhook-name'>
      <h2 id='webhook-name'>Webhook</h2>
      <p class='mono'>{webhook.url}</p>
      {deliveries.length > 0 && (
        <div class='scroll-x'>
          <table>
            <thead>
              <tr>
                <th>Event</th>
                <th>Happened</th>
                <th>State</th>
                <th>Tries</th>
                <th>Last answer</th>
                <th>Next try</th>
              </tr>
            </thead>
            <tbody>
              {deliveries.map((delivery) => (
                <DeliveryRow {...delivery} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class='field-note'>{noteOf(webhook)}</p>
    </section>
  )
}

function DeliveryRow({ event, createdAt, state, tries, answer, nextAt }: Delivery) {
  return (
    <tr>
      <td class='mono'>{event}</td>
      <td>
        <Moment at={createdAt} />
      </td>
      <td>{words[state]}</td>
      <td>{tries}</td>
      <td>{answer ?? 'None yet'}</td>
      <td>{nextAt === null ? 'None' : <Moment at={nextAt} />}</td>
    </tr>
  )
}

function Moment({ at }: { readonly at: number }) {
  return (
    <time datetime={new Date(at).toISOString()}>
      {formatDay(at)} at {formatTime(at)}
    </time>
  )
}

/** What the table does not say. */
function noteOf({ events }: Webhook): string {
  const passing = events.filter((event) => event === 'output' || event === 'logs')
  const told = `It is told of ${events.join(', ')}.`
  return passing.length === 0
    ? told
    : `${told} What comes of ${passing.join(' and ')} is sent once and is not listed.`
}
