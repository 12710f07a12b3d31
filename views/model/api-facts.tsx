import { type Code, code, value } from '../../src/domain/snippet/code.ts'

/** The operations of the API that runs of a model need. */
export function Endpoints({ name }: { name: string }) {
  const endpoints = [
    ['POST', `/v1/models/${name}/predictions`, 'Run the model'],
    ['GET', '/v1/predictions/{id}', 'Get the prediction'],
    ['POST', '/v1/predictions/{id}/cancel', 'Cancel the prediction'],
    ['GET', `/v1/models/${name}`, 'Get the model and its schema'],
  ]
  return (
    <div class='scroll-x' tabindex={0} role='region' aria-label='Endpoints'>
      <table>
        <tbody>
          {endpoints.map(([method, path, what]) => (
            <tr>
              <td class='mono'>{method}</td>
              <td class='mono'>{path}</td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Says whether requests need a token. */
export function Tokens({ needed }: { needed: boolean }) {
  return (
    <>
      <h2>Tokens</h2>
      {needed ? (
        <p>
          Send <code>Authorization: Bearer …</code> with a token that this server’s operator has set
          in <code>SANDPIT_API_TOKENS</code>.
        </p>
      ) : (
        <p>
          This server has no API tokens, so its API only accepts requests from the same machine. Its
          operator can set <code>SANDPIT_API_TOKENS</code>.
        </p>
      )}
    </>
  )
}

/** An example of the response to a run. */
export function responseCode(name: string, address: string): Code {
  const text = (json: string) => value(JSON.stringify(json))
  const at = `${address}/v1/predictions/7q3kx2vd5m…`
  return code`{
  "id": ${text('7q3kx2vd5m2hzr6tn4wcbj2aeu')},
  "model": ${text(name)},
  "status": ${text('starting')},
  "urls": {
    "get": ${text(at)},
    "cancel": ${text(`${at}/cancel`)},
    "stream": ${text(`${address}/v1/streams/…`)},
    "web": ${text(`${address}/p/7q3kx2vd5m…`)}
  }
}`
}
