import { UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { act, fireEvent, render, screen } from '@testing-library/react';
import * as React from 'react';

import { Alert, Live, LiveModel } from '../../contracts';
import { FakeServer, settled, world } from '../../test/fake';
import { LiveSection } from '../live';

jest.mock('../../server/request');

const alert: Alert = {
  id: 7,
  model: 'late',
  version: '2',
  cause: 'inputs',
  since: '2026-03-03T00:00:00Z',
  what: 'Input changed since 3 Mar: wind_gust',
  matters: 'may cost 4 points',
  to_do: 'Look at the sensor; else roll back.',
  owner: '',
  opened: '',
  last_seen: '',
  closed: '',
  acknowledged_by: '',
  told: []
};

const model = (changes: Partial<LiveModel> = {}): LiveModel => ({
  name: 'late',
  version: '2',
  stage: 'advise',
  uri: 'models:/late/2',
  owner: 'Maya',
  contact: '',
  state: 'quiet',
  last_check: '2026-03-04T09:00:00Z',
  predictions: 10,
  points: [],
  points_of: '',
  alerts: [],
  last_alert: null,
  candidate: null,
  previous: '1',
  may_become: ['decide'],
  why_not: '',
  to_accept: '',
  last_decision: null,
  ...changes
});

const live = (...models: LiveModel[]): Live => ({
  tracking_uri: 'sqlite:///mlflow.db',
  as_of: '2026-03-04T09:00:00Z',
  models
});

const button = (name: string | RegExp) => screen.getByRole('button', { name });
const press = (name: string | RegExp) =>
  act(async () => {
    fireEvent.click(button(name));
    await settled();
  });

async function shown(routes: FakeServer['routes']) {
  const server = new FakeServer();
  Object.assign(server.routes, routes);
  const all = await world(['a = 1'], server);
  await act(async () => {
    render(
      <UseSignal signal={all.session.stateChanged}>
        {() => (
          <div className="jp-Handoff">
            <LiveSection session={all.session} commands={new CommandRegistry()} />
          </div>
        )}
      </UseSignal>
    );
    await settled();
  });
  return all;
}

describe('Live', () => {
  it('says that nothing is published', async () => {
    await shown({ 'GET live': () => live() });
    expect(screen.getByText('Nothing published.')).toBeVisible();
  });

  it('says that models are quiet, and since when', async () => {
    await shown({ 'GET live': () => live(model()) });
    expect(screen.getByText(/^1 model quiet, \d\d:\d\d/)).toBeVisible();
    expect(screen.getByText('Advises')).toBeVisible();
    expect(screen.queryByRole('button', { name: /Roll back/ })).toBeNull();
  });

  it('never calls quiet what nobody checked', async () => {
    await shown({ 'GET live': () => live(model({ state: 'not checked', last_check: '' })) });
    expect(screen.getByText('1 model, not checked yet.')).toBeVisible();
  });

  it('shows an alert and what to do, and rolls back with a name', async () => {
    const { server } = await shown({
      'GET live': () => live(model({ state: 'alert', alerts: [alert] })),
      'POST live': () => ({
        said: 'late, version 1, is in charge again.',
        live: live(model({ version: '1', previous: '' })),
        report: ''
      })
    });
    expect(screen.getByText('1 alert')).toBeVisible();
    expect(
      screen.getByText('Input changed since 3 Mar: wind_gust; may cost 4 points')
    ).toBeVisible();
    await press(/^What to do/);
    expect(screen.getByText('Look at the sensor; else roll back.')).toBeVisible();
    await press('Roll back to v1: late v2');
    expect(server.bodies('POST live')).toEqual([]);
    expect(button('Roll back to v1')).toHaveAttribute('aria-disabled', 'true');
    fireEvent.change(screen.getByLabelText('Your name (kept with the decision)'), {
      target: { value: ' Ravi ' }
    });
    await press('Roll back to v1');
    expect(server.bodies('POST live')).toEqual([
      expect.objectContaining({ action: 'roll back', name: 'late', by: 'Ravi' })
    ]);
    expect(screen.getByText('late, version 1, is in charge again.')).toBeVisible();
  });

  it('lets the owner accept, with a name, and asks no more once accepted', async () => {
    const { server } = await shown({
      'GET live': () =>
        live(
          model({
            stage: 'shadow',
            may_become: [],
            why_not: 'Maya has to say yes.',
            to_accept: '2'
          })
        ),
      'POST live': () => ({
        said: 'Maya answers for late, version 2.',
        live: live(model({ stage: 'shadow' })),
        report: ''
      })
    });
    expect(screen.getByText('Maya has to say yes.')).toBeVisible();
    await press('Accept v2: late v2');
    fireEvent.change(screen.getByLabelText('Your name (kept with the decision)'), {
      target: { value: 'Maya' }
    });
    await press('Accept v2');
    expect(server.bodies('POST live')).toEqual([
      expect.objectContaining({ action: 'accept', name: 'late', version: '2', by: 'Maya' })
    ]);
    expect(screen.getByText('Maya answers for late, version 2.')).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Accept/ })).toBeNull();
  });

  it('says why something is refused', async () => {
    await shown({
      'GET live': () => live(model({ may_become: [], why_not: 'Nobody accepted it.' })),
      'POST live': () => {
        throw Object.assign(new Error('Training again needs new data.'), { hint: '' });
      }
    });
    await press('More actions: late v2');
    expect(screen.getByText('Nobody accepted it.')).toBeVisible();
    await press('Retrain: late v2');
    expect(screen.getByRole('alert')).toHaveTextContent('Training again needs new data.');
  });
});
