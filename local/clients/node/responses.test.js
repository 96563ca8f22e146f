import assert from 'node:assert/strict';
import {test} from 'node:test';
import {zodTextFormat} from 'openai/helpers/zod';
import {z} from 'zod';
import {MODEL, all, connect, fresh} from './stack.js';

fresh();
const {responses, conversations} = connect();
const request = {model: MODEL, input: 'one two three'};
const tools = [{
  type: 'function',
  name: 'get_time',
  strict: true,
  parameters: {
    type: 'object',
    properties: {zone: {type: 'string'}},
    required: ['zone'],
    additionalProperties: false,
  },
}];

test('a stream is the response it would be buffered', async () => {
  const stream = responses.stream(request);
  const events = await all(stream);
  const streamed = await stream.finalResponse();
  const buffered = await responses.create(request);
  assert.equal(streamed.output_text, buffered.output_text);
  assert.deepEqual(streamed.usage, buffered.usage);
  assert.equal(events[0].type, 'response.created');
  assert.equal(events.at(-1).type, 'response.completed');
});

test('structured output is parsed', async () => {
  const format = zodTextFormat(z.object({mood: z.string()}), 'mood');
  const {output_parsed: mood} = await responses.parse({...request, text: {format}});
  assert.deepEqual(mood, {mood: 'text'});
});

test('a call is answered in the next turn without the first one sent again', async () => {
  const called = await responses.create({...request, tools});
  const call = called.output.find(({type}) => type === 'function_call');
  assert.equal(call.arguments, '{"zone":"text"}');
  const answer = await responses.create({
    model: MODEL,
    tools,
    previous_response_id: called.id,
    input: [{type: 'function_call_output', call_id: call.call_id, output: 'Noon.'}],
  });
  assert.ok(answer.output_text);
});

test('turns are remembered until they are deleted', async () => {
  const first = await responses.create(request);
  const second = await responses.create({...request, previous_response_id: first.id});
  assert.ok(second.usage.input_tokens > first.usage.input_tokens);
  await responses.delete(second.id);
  await assert.rejects(responses.retrieve(second.id), {status: 404});
});

test('a conversation gathers the items of its turns', async () => {
  const {id} = await conversations.create({items: [{role: 'user', content: 'Be brief.'}]});
  await responses.create({...request, conversation: id});
  const items = [];
  for await (const item of conversations.items.list(id, {order: 'asc', limit: 2})) {
    items.push(item.role);
  }
  assert.deepEqual(items, ['user', 'user', 'assistant']);
  await conversations.delete(id);
});
