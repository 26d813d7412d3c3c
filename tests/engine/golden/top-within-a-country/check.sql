with x as (select country, city, sum(amount) as r from sales left join (select * from customer where valid_until is null) c using (customer_id) group by 1, 2)
select country, city, r, rank() over (order by r desc) from x qualify row_number() over (partition by country order by r desc, city) <= 2
