import assert from 'node:assert/strict';
import {test} from 'node:test';
import {zodFunction} from 'openai/helpers/zod';
import {z} from 'zod';
import {ask, connect, fresh} from './stack.js';

fresh();
const {chat: {completions}} = connect();
const tools = [
  zodFunction({name: 'get_weather', parameters: z.object({place: z.string(), days: z.number()})}),
  zodFunction({name: 'get_time', parameters: z.object({zone: z.string()})}),
];
const plain = ({id, type, function: {name, arguments: text}}) => ({id, type, name, text});

test('two calls are rebuilt from a stream as they were buffered', async () => {
  const request = ask('Weather and time?', {tools});
  const buffered = await completions.parse(request);
  const streamed = (await completions.stream(request).finalChatCompletion()).choices[0];
  assert.equal(streamed.finish_reason, 'tool_calls');
  assert.deepEqual(
    streamed.message.tool_calls.map(plain),
    buffered.choices[0].message.tool_calls.map(plain),
  );
  assert.deepEqual(
    streamed.message.tool_calls.map(call => call.function.parsed_arguments),
    [{place: 'text', days: 1}, {zone: 'text'}],
  );
});

test('results go back with the call however it was read and an answer comes', async () => {
  const request = ask('Weather and time?', {tools});
  for (const answered of [
    await completions.create(request),
    await completions.parse(request),
    await completions.stream(request).finalChatCompletion(),
  ]) {
    const called = answered.choices[0].message;
    const results = called.tool_calls.map(call => ({
      role: 'tool', tool_call_id: call.id, content: 'Sunny, noon.',
    }));
    const answer = await completions.create({
      ...request, messages: [...request.messages, called, ...results],
    });
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert.equal(answer.choices[0].message.tool_calls, undefined);
  }
});
