import { isObject, type Json, type JsonObject } from '../json/json.ts'

/**
 * The OpenAPI document of a version, as a Cog container serves it: its own schemas, and the address
 * that runs it. What the version does not say of the frame around its input is filled in.
 */
export function modelDocument(schemas: JsonObject): JsonObject {
  return {
    openapi: '3.0.2',
    info: { title: 'Cog', version: '0.1.0' },
    paths,
    components: { schemas: { ...frame, ...described(schemas) } },
  }
}

/** Some containers say `null` of an output that they do not describe. */
function described(schemas: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schemas).filter(([, schema]) => isObject(schema)))
}

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` })

function answer(description: string, schema: JsonObject): JsonObject {
  return { description, content: { 'application/json': { schema } } }
}

const unprocessable = answer('Validation Error', ref('HTTPValidationError'))

const paths: JsonObject = {
  '/health-check': {
    get: {
      summary: 'Healthcheck',
      operationId: 'healthcheck_health_check_get',
      responses: { '200': answer('Successful Response', {}) },
    },
  },
  '/predictions': {
    post: {
      summary: 'Predict',
      description: 'Run a single prediction on the model',
      operationId: 'predict_predictions_post',
      requestBody: { content: { 'application/json': { schema: ref('PredictionRequest') } } },
      responses: {
        '200': answer('Successful Response', ref('PredictionResponse')),
        '422': unprocessable,
      },
    },
  },
  '/predictions/{prediction_id}/cancel': {
    post: {
      summary: 'Cancel',
      description: 'Cancel a running prediction',
      operationId: 'cancel_predictions__prediction_id__cancel_post',
      parameters: [
        {
          name: 'prediction_id',
          in: 'path',
          required: true,
          schema: { title: 'Prediction ID', type: 'string' },
        },
      ],
      responses: { '200': answer('Successful Response', {}), '422': unprocessable },
    },
  },
}

const time: Json = { title: 'Time', type: 'string', format: 'date-time' }

/** The schemas that every model's document has. */
const frame: JsonObject = {
  Output: { title: 'Output' },
  Status: {
    title: 'Status',
    type: 'string',
    enum: ['starting', 'processing', 'succeeded', 'canceled', 'failed'],
    description: 'An enumeration.',
  },
  WebhookEvent: {
    title: 'WebhookEvent',
    type: 'string',
    enum: ['start', 'output', 'logs', 'completed'],
    description: 'An enumeration.',
  },
  PredictionRequest: {
    title: 'PredictionRequest',
    type: 'object',
    properties: {
      id: { title: 'Id', type: 'string' },
      input: ref('Input'),
      webhook: { title: 'Webhook', type: 'string', format: 'uri' },
      webhook_events_filter: { type: 'array', items: ref('WebhookEvent') },
    },
  },
  PredictionResponse: {
    title: 'PredictionResponse',
    type: 'object',
    properties: {
      id: { title: 'Id', type: 'string' },
      input: ref('Input'),
      output: ref('Output'),
      status: ref('Status'),
      error: { title: 'Error', type: 'string' },
      logs: { title: 'Logs', type: 'string', default: '' },
      metrics: { title: 'Metrics', type: 'object' },
      created_at: time,
      started_at: time,
      completed_at: time,
    },
  },
  HTTPValidationError: {
    title: 'HTTPValidationError',
    type: 'object',
    properties: { detail: { title: 'Detail', type: 'array', items: ref('ValidationError') } },
  },
  ValidationError: {
    title: 'ValidationError',
    type: 'object',
    required: ['loc', 'msg', 'type'],
    properties: {
      loc: { title: 'Location', type: 'array', items: { type: 'string' } },
      msg: { title: 'Message', type: 'string' },
      type: { title: 'Error Type', type: 'string' },
    },
  },
}
