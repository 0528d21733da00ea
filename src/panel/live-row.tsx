import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { Alert, LiveModel } from '../contracts';
import { action, LiveAction } from '../models/live';
import { NotebookSession } from '../models/session';
import { Button } from './button';
import { NameForm } from './name-form';
import { openPage } from './open-page';
import { Dots, Shape } from './shape';

interface Asked {
  label: string;
  wanted: LiveAction;
}

/** One model in production: how much it is trusted, its alerts, and what can be done, each confirmed with a name. */
export function LiveRow(props: {
  session: NotebookSession;
  commands: CommandRegistry;
  model: LiveModel;
}): JSX.Element {
  const { session, commands, model } = props;
  const { live, view, around } = session;
  const words = around.words.live;
  const [asked, ask] = React.useState<Asked | null>(null);
  const more = `live:${model.name}`;
  const name = words.model(model.name, model.version);
  const doing = live.acting ? words.doing : undefined;
  const report = async () => {
    const answer = await live.act(action('report', model.name));
    if (answer?.report) {
      await openPage(commands, answer.report);
    }
  };
  const button = (label: string, onPress: () => unknown) => (
    <Button
      key={label}
      label={label}
      title={words.of(label, name)}
      unavailable={doing}
      onPress={onPress}
    />
  );
  return (
    <>
      <div role="row" className="jp-Handoff-row jp-mod-paper">
        <div role="gridcell" className="jp-Handoff-what">
          <span className="jp-Handoff-message">{name}</span>
        </div>
        <div role="gridcell" className="jp-Handoff-actions">
          <span className="jp-Handoff-place">{words.stages[model.stage]}</span>
          <Button
            label={around.words.more}
            title={words.moreFor(name)}
            quiet
            expanded={view.isUnfolded(more)}
            onPress={() => view.fold(more)}
          >
            <Dots />
          </Button>
        </div>
      </div>
      {model.alerts.map(alert => (
        <AlertRow key={alert.id} session={session} alert={alert} />
      ))}
      {model.candidate ? (
        <div role="row">
          <div role="gridcell" className="jp-Handoff-place">
            {model.candidate.verdict
              ? words.candidateWith(model.candidate.version, model.candidate.verdict)
              : words.candidate(model.candidate.version)}
          </div>
        </div>
      ) : null}
      {model.to_accept ? (
        <div role="row">
          <div role="gridcell">
            <p className="jp-Handoff-hint">{model.why_not}</p>
            <div className="jp-Handoff-actions">
              {button(words.accept(model.to_accept), () =>
                ask({
                  label: words.accept(model.to_accept),
                  wanted: action('accept', model.name, { version: model.to_accept })
                })
              )}
            </div>
          </div>
        </div>
      ) : null}
      {model.previous && (model.alerts.length || view.isUnfolded(more)) ? (
        <div role="row">
          <div role="gridcell" className="jp-Handoff-actions">
            {button(words.rollBack(model.previous), () =>
              ask({
                label: words.rollBack(model.previous),
                wanted: action('roll back', model.name)
              })
            )}
          </div>
        </div>
      ) : null}
      {view.isUnfolded(more) ? (
        <div role="row">
          <div role="gridcell" className="jp-Handoff-actions">
            {button(words.checkNow, () => live.act(action('check', model.name)))}
            {button(words.report, report)}
            {button(words.retrain, () => live.act(action('retrain', model.name)))}
            {model.may_become.map(to => {
              const label = words.promote(words.stages[to]);
              return button(label, () =>
                ask({ label, wanted: action('promote', model.name, { to }) })
              );
            })}
            {model.alerts
              .filter(alert => !alert.acknowledged_by)
              .slice(0, 1)
              .map(({ id }) =>
                button(words.acknowledge, () =>
                  ask({
                    label: words.acknowledge,
                    wanted: action('acknowledge', model.name, { alert: id })
                  })
                )
              )}
            {model.why_not && !model.to_accept ? (
              <p className="jp-Handoff-hint">{model.why_not}</p>
            ) : null}
          </div>
        </div>
      ) : null}
      {asked ? (
        <NameForm
          session={session}
          label={asked.label}
          onClose={() => ask(null)}
          onName={by => {
            ask(null);
            void live.act({ ...asked.wanted, by });
          }}
        />
      ) : null}
    </>
  );
}

function AlertRow(props: { session: NotebookSession; alert: Alert }) {
  const { session, alert } = props;
  const { view, around } = session;
  const words = around.words.live;
  const key = `alert:${alert.id}`;
  const text = words.alertText(alert.what, alert.matters);
  return (
    <div role="row" className="jp-Handoff-row jp-mod-problem">
      <div role="gridcell" className="jp-Handoff-what">
        <p className="jp-Handoff-alert">
          <Shape name="must" word={words.alert} /> <span>{text}</span>
        </p>
        {alert.acknowledged_by ? (
          <p className="jp-Handoff-hint">{words.acknowledged(alert.acknowledged_by)}</p>
        ) : null}
        {view.isUnfolded(key) ? <p>{alert.to_do}</p> : null}
      </div>
      <div role="gridcell" className="jp-Handoff-actions">
        {alert.to_do ? (
          <Button
            label={words.whatToDo}
            title={words.of(words.whatToDo, text)}
            expanded={view.isUnfolded(key)}
            onPress={() => view.fold(key)}
          />
        ) : null}
      </div>
    </div>
  );
}
