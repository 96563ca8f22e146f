import assert from 'node:assert/strict';
import {test} from 'node:test';
import OpenAI from 'openai';
import {ask, calls, client, connect, control, eventually, fault, fresh} from './stack.js';

fresh();
const openai = connect();
const completions = openai.chat.completions;

/** The error that call rejects with, which is of this type. */
async function raised(type, call) {
  const error = await call().then(() => assert.fail(`no ${type.name}`), reason => reason);
  assert.ok(error instanceof type, `${error} is no ${type.name}`);
  return error;
}

test('a wrong key is 401', async () => {
  const error = await raised(OpenAI.AuthenticationError, () =>
    client('weir_wrong').chat.completions.create(ask()));
  assert.equal(error.code, 'invalid_api_key');
  assert.ok(error.requestID);
});

test('an unknown model or route is 404', async () => {
  const model = await raised(OpenAI.NotFoundError, () =>
    completions.create(ask('Hi.', {model: 'nova-huge'})));
  assert.equal(model.code, 'model_not_found');
  const route = await raised(OpenAI.NotFoundError, () =>
    openai.moderations.create({input: 'Hi.'}));
  assert.equal(route.code, 'unknown_url');
});

test('a request the API does not take is 400 and names the field', async () => {
  for (const [more, code, param] of [
    [{n: 2}, 'unsupported_parameter', 'n'],
    [{temperature: 3}, 'invalid_value', 'temperature'],
    [{colour: 'red'}, 'unknown_parameter', 'colour'],
  ]) {
    const error = await raised(OpenAI.BadRequestError, () => completions.create(ask('Hi.', more)));
    assert.deepEqual([error.code, error.param], [code, param]);
  }
  assert.equal(await calls('started'), 0);
});

test('a full minute is 429 and says when', async () => {
  const limited = connect(['--rpm=1'], {maxRetries: 0});
  await limited.chat.completions.create(ask());
  const error = await raised(OpenAI.RateLimitError, () => limited.chat.completions.create(ask()));
  assert.deepEqual([error.type, error.code], ['requests', 'rate_limit_exceeded']);
  assert.ok(Number.parseInt(error.headers.get('retry-after')) > 0);
  assert.equal(await calls('started'), 1);
});

test('the client waits as told and succeeds', async () => {
  await fault('status', {status: 503, retryAfterSeconds: 1});
  const start = Date.now();
  await completions.create(ask());
  assert.ok(Date.now() - start >= 1000);
  assert.deepEqual([await calls('started'), await calls('completed')], [2, 1]);
});

test('a model that breaks off raises in the middle of the stream', async () => {
  for (const kind of ['cut', 'exceptionFrame', 'reset']) {
    await fault(kind, {afterEvents: 4});
    const heard = [];
    const error = await raised(OpenAI.APIError, async () => {
      for await (const chunk of await completions.create(ask('one two three four', {stream: true}))) {
        heard.push(chunk);
      }
    });
    assert.ok(heard.length > 1, kind);
    assert.ok(error.code, kind);
  }
});

test('a client that goes away stops the model', async () => {
  await control('POST', 'bedrock/pace', {tokensPerSecond: 5});
  try {
    const stream = completions.stream(ask('word '.repeat(60)));
    for await (const _ of stream) {
      break;
    }
    stream.abort();
    assert.equal(await eventually(1, () => calls('cancelled')), 1);
    assert.equal(await calls('completed'), 0);
  } finally {
    await control('POST', 'bedrock/pace', {tokensPerSecond: 0});
  }
});
