select strftime(h, '%Y-%m-%dT%H:%M:%S'), count(*) filter (where visits.at >= a), count(*) from
  (select date_trunc('hour', m at time zone 'Europe/Berlin') as h, min(m) as a, max(m) + interval 1 minute as e from (select timestamptz '2024-03-30 00:00:00+00' + to_minutes(i) as m from range(0, 4320) r(i)) where (m at time zone 'Europe/Berlin')::date = '2024-03-31' group by 1)
  join visits on visits.at < e and visits.at >= e - interval 6 hour group by 1
