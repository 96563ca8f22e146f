import assert from 'node:assert/strict';
import {test} from 'node:test';
import {zodResponseFormat} from 'openai/helpers/zod';
import {z} from 'zod';
import {MODEL, TARGET, all, ask, calls, connect, fresh} from './stack.js';

fresh();
const openai = connect();
const completions = openai.chat.completions;

test('a buffered answer is whole', async () => {
  const {object, model, choices, usage} = await completions.create(ask());
  assert.equal(object, 'chat.completion');
  assert.equal(model, MODEL);
  assert.equal(choices[0].message.content, 'Scripted answer: Say hello.');
  assert.equal(choices[0].finish_reason, 'stop');
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
});

test('chunks append to the buffered answer', async () => {
  const buffered = await completions.create(ask('one two three'));
  const chunks = await all(await completions.create(ask('one two three', {stream: true})));
  assert.equal(
    chunks.map(chunk => chunk.choices[0].delta.content ?? '').join(''),
    buffered.choices[0].message.content,
  );
  assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
});

test('every chunk has a choice and none has usage unless asked for', async () => {
  const chunks = await all(await completions.create(ask('Hi.', {stream: true})));
  assert.ok(chunks.every(chunk => chunk.choices.length === 1 && !chunk.usage));
  assert.equal(new Set(chunks.map(chunk => chunk.id)).size, 1);
  assert.deepEqual([...new Set(chunks.map(chunk => chunk.model))], [MODEL]);
});

test('usage asked for comes once in a last chunk without choices', async () => {
  const buffered = await completions.create(ask('Hi.'));
  const chunks = await all(
    await completions.create(ask('Hi.', {stream: true, stream_options: {include_usage: true}})),
  );
  const last = chunks.pop();
  assert.deepEqual(last.choices, []);
  assert.deepEqual(last.usage, buffered.usage);
  assert.ok(chunks.every(chunk => chunk.choices.length === 1 && !chunk.usage));
});

test('structured output parses, buffered and streamed', async () => {
  const Mood = z.object({mood: z.enum(['good', 'bad']), points: z.number().int()});
  const request = ask('I love it.', {response_format: zodResponseFormat(Mood, 'mood')});
  const buffered = await completions.parse(request);
  assert.ok(Mood.safeParse(buffered.choices[0].message.parsed).success);
  const streamed = await completions.stream(request).finalChatCompletion();
  assert.deepEqual(streamed.choices[0].message.parsed, buffered.choices[0].message.parsed);
});

test('models are listed and retrieved', async () => {
  const listed = await all(openai.models.list());
  const one = listed.find(model => model.id === MODEL);
  const retrieved = await openai.models.retrieve(MODEL);
  assert.deepEqual({...retrieved}, {...one});
});

test('headers say what was done', async () => {
  const limited = connect(['--rpm=9']);
  const {data, response} = await limited.chat.completions.create(ask()).withResponse();
  assert.match(response.headers.get('x-request-id'), /^req_/);
  assert.equal(data._request_id, response.headers.get('x-request-id'));
  assert.equal(response.headers.get('x-ratelimit-limit-requests'), '9');
  assert.equal(response.headers.get('x-ratelimit-remaining-requests'), '8');
  assert.equal(response.headers.get('x-weir-model'), TARGET);
});

test('an equal request is answered from the cache', async () => {
  const request = ask('Node, the same again.', {temperature: 0});
  const first = await completions.create(request).withResponse();
  const second = await completions.create(request).withResponse();
  assert.equal(first.response.headers.get('x-weir-cache'), 'miss');
  assert.equal(second.response.headers.get('x-weir-cache'), 'hit');
  assert.deepEqual(second.data.choices, first.data.choices);
  assert.equal(await calls('started'), 1);
});
