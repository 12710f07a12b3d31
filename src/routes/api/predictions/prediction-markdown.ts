import {
  formatJson,
  isList,
  isObject,
  type Json,
  type JsonObject,
} from '../../../domain/json/json.ts'

/** A prediction as Markdown, from the JSON that `predictionJson` makes. `text` is its output as text. */
export function predictionMarkdown(prediction: JsonObject, text: string | null): string {
  const { id, model, version, status, input, output, error, logs, urls, metrics } = prediction
  const { created_at, webhook, webhook_events_filter: events } = prediction
  const time = isObject(metrics) ? metrics.predict_time : undefined
  const parts = [
    `# ${model}`,
    [
      `- Status: ${status}`,
      `- Made: ${created_at}`,
      ...(time === undefined ? [] : [`- Ran: ${time} s`]),
      `- Page: ${isObject(urls) ? urls.web : ''}`,
      `- Version: ${version}`,
      `- Id: ${id}`,
      ...(isList(events) ? [`- Webhook: ${webhook}, told of ${events.join(', ')}`] : []),
    ].join('\n'),
    '## Input',
    ...Object.entries(isObject(input) ? input : {}).map(
      ([name, value]) => `### ${oneLine(name)}\n\n${block(value ?? null)}`,
    ),
    ...(output === null || output === undefined ? [] : ['## Output', block(text ?? output)]),
    ...(typeof error === 'string' ? ['## Error', block(error)] : []),
    ...(typeof logs === 'string' && logs !== '' ? ['## Logs', block(logs)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

/** A code block whose fence is longer than any run of backticks in the value. */
function block(value: Json): string {
  const content = typeof value === 'string' ? value : formatJson(value, 2)
  const longest = (content.match(/`{3,}/g) ?? []).reduce(
    (most, run) => Math.max(most, run.length),
    2,
  )
  const fence = '`'.repeat(longest + 1)
  return `${fence}${typeof value === 'string' ? '' : 'json'}\n${content}\n${fence}`
}

function oneLine(name: string): string {
  return name.replace(/\s+/g, ' ')
}
