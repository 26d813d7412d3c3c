select strftime(date_trunc('hour', "at" at time zone 'Asia/Kathmandu'), '%Y-%m-%dT%H:%M:%S'), count(*) from visits where ("at" at time zone 'Asia/Kathmandu')::date = '2024-03-31' group by 1
