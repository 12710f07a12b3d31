import { beginning } from '../../../domain/json/excerpt.ts'
import { isObject, type Json } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'

const mostProblems = 5

/** Why an app refused to run an endpoint, as a sentence. */
export function refusalSentence(status: number, json: Json | undefined): string {
  const { detail, error } = objectIn(json)
  const texts = [textIn(error), textIn(detail), ...listIn(detail).map(problem)]
  const told = texts.filter((text) => text !== '').slice(0, mostProblems)
  if (told.length > 0) return told.map(sentence).join(' ')
  if (status === 404 || status >= 500)
    return 'The app could not begin this: its function may have changed. Look at the app’s own logs.'
  if (status >= 300 && status < 400) return 'The app returned a redirect, which is not followed.'
  return `The app refused this (${status}).`
}

/** A problem with one value: FastAPI names it by its place, a validator by its message alone. */
function problem(one: Json): string {
  if (typeof one === 'string') return one
  const { msg, message, is_valid: isValid } = isObject(one) ? one : {}
  return isValid === true ? '' : textIn(msg) || textIn(message)
}

/** What the function of an app said when it failed, as a sentence. */
export function failureSentence(error: string | null, title: string): string {
  const about = title === '' || title === 'Error' ? '' : `${beginning(title, 100)}: `
  if (error === null) return unsaid
  return `${about}${beginning(error, 1_000)}`
}

const unsaid =
  'The app failed and does not say why. Its own logs may; with show_error=True in its launch() it would.'

function sentence(text: string): string {
  const begun = beginning(text.trim(), 300)
  const whole = `${begun[0]?.toUpperCase() ?? ''}${begun.slice(1)}`
  return /[.!?]$/.test(whole) ? whole : `${whole}.`
}
