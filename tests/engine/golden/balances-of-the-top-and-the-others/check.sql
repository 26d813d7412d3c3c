with x as (select name, sum(quantity) as q from stock join product using (product_id) where day = (select max(day) from stock where day between '2024-05-01' and '2024-05-31') group by 1), t as (select name from x order by q desc, name limit 2)
select 'row', name, q from x where name in (from t) union all select 'others', null, sum(q) from x where name not in (from t)
